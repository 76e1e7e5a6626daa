// SPDX-License-Identifier: Apache-2.0
// What a reader does with the report: opens it, filters, sorts, follows a failure to its instruction, steps through the run, comes back.
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Browser } from "./browser.mjs";

const [work, pictures] = process.argv.slice(2);
const file = (name) => join(work, name);
const defect = readFileSync(file("defect.txt"), "utf8");
let failures = 0, checks = 0;

function check(name, holds, detail = "") {
  ++checks;
  if (!holds) ++failures;
  console.log(`${holds ? "ok  " : "FAIL"} ${name}${holds ? "" : ` ${detail}`}`);
}
const equal = (name, got, wanted) => check(name, JSON.stringify(got) === JSON.stringify(wanted), `got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);

const browser = await Browser.open();
const names = () => browser.evaluate("[...document.querySelectorAll('.functions tbody tr')].map((row) => row.dataset.symbol)");
const picture = async (name) => {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await browser.screenshot(join(pictures, `${name}.png`));
};
const back = (selector) => browser.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).backgroundColor`);

async function overview() {
  await browser.goto(file("report.html"));
  check("the headline says that something is wrong", (await browser.text(".hero h1")).includes("do what the source says") || (await browser.text(".hero h1")).includes("does not do"), await browser.text(".hero h1"));
  equal("what is worst comes first", await names(), ["may_run", "mix", "last_of", "note", "checksum"]);
  await picture("overview");
  await browser.click('.chip[data-verdict="proved"]');
  equal("a verdict is filtered away", await names(), ["may_run", "mix", "last_of", "note"]);
  await browser.click('.chip[data-verdict="proved"]');
  await browser.key("/");
  await browser.type("check");
  equal("search", await names(), ["checksum"]);
  await browser.evaluate("(() => { const s = document.getElementById('search'); s.value = ''; s.dispatchEvent(new Event('input')); s.blur(); })()");
  await browser.click("[data-sort=size]");
  const sizes = await browser.evaluate("[...document.querySelectorAll('.functions tbody tr td:nth-child(5)')].map((cell) => Number(cell.innerText.replace(',', '')))");
  check("sorted by size", sizes.every((size, i) => i === 0 || sizes[i - 1] >= size), String(sizes));
  await browser.click("[data-sort=size]");
  check("and the other way round", (await browser.evaluate("document.querySelector('[aria-sort=descending] [data-sort=size]') !== null")));
  await browser.click("[data-sort=units]");
  check("sorted by effort", (await browser.count("[aria-sort=ascending] [data-sort=units]")) === 1);
  equal("links of the proof chain", await browser.count("tr[data-symbol=checksum] .chain li.good"), 5);
  check("the file is small", statSync(file("report.html")).size < 10 << 20);
}

async function refuted() {
  await browser.goto(file("report.html"));
  await browser.key("n");
  equal("n opens the first failure", await browser.text("h1"), "may_run");
  const card = await browser.text(".suspect-card");
  check("the card names the changed instruction", card.includes(`0x${defect}`) && card.includes("b.hs"), card);
  check("the values of both sides stand beside each other", (await browser.count(".versus")) > 0);
  check("the instruction is marked in the listing", (await browser.text("tr.suspect")).includes("b.hs"));
  equal("it is in the selected block", await browser.count(".block.selected .line.suspect"), 1);
  const window = await browser.evaluate("(() => { const w = document.querySelectorAll('.graph')[1].getBoundingClientRect(), b = document.querySelector('.block.selected').getBoundingClientRect(); return b.left >= w.left - 1 && b.top >= w.top - 1 && b.right <= w.right + 1 && b.bottom <= w.bottom + 1; })()");
  check("the block is in the window", window);
  await picture("refuted");

  await browser.evaluate("document.querySelector('#trace').scrollIntoView()");
  await browser.settle();
  await picture("trace");
  check("arguments in both vocabularies", (await browser.text(".entry-tables")).includes("budget") && (await browser.text(".entry-tables")).includes("x0"));
  equal("the difference is one of the events", await browser.count(".events .differs"), 1);
  await browser.click('[aria-label="First step"]');
  equal("the trace begins with the first instruction", await browser.evaluate("[...document.querySelectorAll('.steps tbody tr')].findIndex((row) => row.classList.contains('step'))"), 0);
  await browser.key("ArrowRight");
  equal("a step on", await browser.evaluate("[...document.querySelectorAll('.steps tbody tr')].findIndex((row) => row.classList.contains('step'))"), 1);
  check("the listings follow", (await browser.count("tr.step[data-code]")) === 1 && (await browser.count("tr.step[data-line]")) === 1);
  check("variables and registers have values", (await browser.text(".now.source")).includes("now") || (await browser.text(".now.source")).includes("period"), await browser.text(".now.source"));
  await browser.key("ArrowLeft");

  await browser.key("n");
  equal("the next failure", await browser.text("h1"), "mix");
  await browser.key("p");
  equal("and back", await browser.text("h1"), "may_run");
  await browser.key("u");
  equal("u goes to the overview", await browser.count(".functions"), 1);
}

async function linked() {
  await browser.goto(file("report.html"), "#checksum");
  await picture("proved");
  equal("no block is hidden in a small graph", await browser.count('.graph-box [class="muted small"]'), 2);
  await browser.click('.pane[aria-label="Binary graph"] [data-block="1"]');
  equal("the address names the block", await browser.evaluate("location.hash"), "#checksum/b1");
  check("its instructions light up", (await browser.count("tr.selected[data-code]")) > 0);
  check("and its lines", (await browser.count("tr.partner[data-line]")) > 0);
  check("and a block of the other side", (await browser.count('.pane[aria-label="Source graph"] .partner, .pane[aria-label="Source graph"] .near')) > 0);
  check("what it does is told", (await browser.text("#operations")).includes("b1"));
  check("the loop's pair has a relation", (await browser.count("#relations .relations tr")) > 0);
  check("obligations hold", (await browser.text("#obligations h2")).includes("all hold"));
  await browser.evaluate("document.querySelector('tr[data-line=\"1\"]').click()");
  check("a click on a line selects its block", (await browser.count('.pane[aria-label="Source graph"] [data-block].selected')) === 1);
  await browser.evaluate("document.querySelector('#as-text summary').click()");
  await browser.settle();
  check("the graphs are also tables", (await browser.count("#as-text tbody tr")) >= 4);
  await browser.goto(file("report.html"), "#checksum/s1");
  check("an address opens a block", (await browser.count('.pane[aria-label="Source graph"] [data-block="1"].selected')) === 1);
  await browser.evaluate("document.querySelector('.pane[aria-label=\"Binary graph\"] [data-block=\"0\"]').focus()");
  await browser.key("Enter");
  equal("blocks can be chosen by key", await browser.evaluate("location.hash"), "#checksum/b0");
}

async function undecided() {
  await browser.goto(file("report.html"), "#mix");
  check("an unknown function says why", (await browser.text(".first-look")).includes("loop"));
  await picture("unknown");
  await browser.goto(file("report.html"), "#last_of");
  check("an unsupported one names the line", (await browser.text(".first-look .exhibit")).includes("numbers[count]"));
  check("its machine code is shown all the same", (await browser.count("tr[data-code]")) > 5);
  await picture("unsupported");
  await browser.goto(file("report.html"), "#note");
  check("an assembly function is assumed", (await browser.text(".badge.large")).includes("assumed"));
}

async function partial() {
  await browser.goto(file("selected.html"));
  check("a selection is no pass", (await browser.text("#partial")).includes("not a pass") && (await browser.text(".reservations")).includes("not a pass"));
  check("and does not read as one", !(await browser.text("h1")).includes("Every function"));
  await browser.goto(file("one.html"), "#may_run");
  check("show writes one page", (await browser.text(".suspect-card")).includes("b.hs") && (await browser.text("#partial")).includes("not a pass"));
  await browser.goto(file("unsupported.html"), "#last_of");
  check("of functions without a pair, too", (await browser.text(".first-look")).includes("variable length"));
}

async function looks() {
  await browser.goto(file("report.html"), "#may_run");
  const light = await back("body");
  await browser.media({ "prefers-color-scheme": "dark" });
  const dark = await back("body");
  check("dark where the system is dark", dark !== light);
  await picture("dark");
  await browser.click("#theme");
  equal("the button is stronger", await back("body"), light);
  await browser.media({ "prefers-color-scheme": "light" });
  await browser.key("d");
  equal("and so is the key", await back("body"), dark);
  await browser.key("?");
  equal("help is a dialog", await browser.count("dialog[open]"), 1);
  await browser.evaluate("document.querySelector('dialog').close()");
  await browser.media({}, "print");
  check("print has no buttons", (await browser.evaluate("getComputedStyle(document.querySelector('.top')).display")) === "none");
  equal("print is on white", await back("body"), "rgb(255, 255, 255)");
  await browser.media({});
  equal("each button has a name", await browser.evaluate("[...document.querySelectorAll('button')].filter((b) => !b.innerText.trim() && !b.getAttribute('aria-label')).length"), 0);
  equal("each table has a caption", await browser.evaluate("[...document.querySelectorAll('table')].filter((t) => t.querySelector('caption') === null).length"), 0);
  equal("each graph has a name", await browser.evaluate("[...document.querySelectorAll('svg[role=group]')].filter((g) => !g.getAttribute('aria-label')).length"), 0);
}

try {
  for (const part of [overview, refuted, linked, undecided, partial, looks]) await part();
  equal("no errors, no warnings, no requests", browser.complaints, []);
  check("only the file itself was read", browser.requests.every((url) => url.startsWith("file:") && existsSync(new URL(url))), String(browser.requests));
} finally {
  await browser.close();
}
console.log(`${checks} checks, ${failures} failures`);
process.exit(failures === 0 && checks > 40 ? 0 : 1);
