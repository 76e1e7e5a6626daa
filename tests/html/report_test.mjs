// SPDX-License-Identifier: Apache-2.0
// What a reader does with the report: opens it, filters, sorts, follows a failure to its instruction, steps through the run, comes back.
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Browser } from "./browser.mjs";

const [work, pictures] = process.argv.slice(2);
const file = (name) => join(work, name);
const defect = readFileSync(file("defect.txt"), "utf8"), constant = readFileSync(file("constant.txt"), "utf8");
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
  equal("what is worst comes first", await names(), ["may_run", "settle", "mix", "last_of", "note", "checksum"]);
  equal("the title says it, too", await browser.evaluate("document.title"), "Not passed · Symbolon report");
  await picture("overview");
  await browser.click('.chip[data-verdict="proved"]');
  equal("a verdict is filtered away", await names(), ["may_run", "settle", "mix", "last_of", "note"]);
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
  equal("the next failure", await browser.text("h1"), "settle");
  await browser.key("n");
  equal("and what is undecided", await browser.text("h1"), "mix");
  await browser.key("p");
  await browser.key("p");
  equal("and back", await browser.text("h1"), "may_run");
  await browser.key("u");
  equal("u goes to the overview", await browser.count(".functions"), 1);
}

/** A graph that is too large to be shown whole. */
async function large() {
  const pane = '.pane[aria-label="Binary graph"]', map = `${pane} .minimap`;
  const shown = () => browser.count(`${pane} [data-block]`);
  await browser.goto(file("report.html"), "#settle");
  const all = Number(/of (\d+) blocks/.exec(await browser.text(`${pane} .graph-tools`))?.[1]);
  const selected = () => browser.evaluate(`document.querySelector('.block.selected')?.dataset.block`);
  const window = () => browser.evaluate(`document.querySelector('${pane} svg.graph').getAttribute('viewBox').split(' ').map(Number)`);
  const inside = (block) => browser.evaluate(`(() => { const w = document.querySelector('${pane} svg.graph').getBoundingClientRect(), b = document.querySelector('${pane} [data-block="${block}"]').getBoundingClientRect();
    return b.left >= w.left - 1 && b.top >= w.top - 1 && b.right <= w.right + 1 && b.bottom <= w.bottom + 1; })()`);
  await picture("large");
  check("it opens on a part", all > 20 && (await shown()) < all, `${await shown()} of ${all}`);
  check("the changed constant is named", (await browser.text(".suspect-card")).includes(`0x${constant}`), await browser.text(".suspect-card"));
  const failing = await selected();
  check("the failing block is chosen and in the window", (await browser.count(`${pane} [data-block].selected.failing .line.suspect`)) === 1 && (await inside(failing)));
  check("its instruction is in the listing's window", await browser.evaluate("(() => { const r = document.querySelector('tr.suspect').getBoundingClientRect(), w = document.querySelector('tr.suspect').closest('.scroll').getBoundingClientRect(); return r.top >= w.top && r.bottom <= w.bottom; })()"));

  const few = await shown();
  const more = await browser.evaluate(`document.querySelector('${pane} .more').closest('.block').dataset.block`);
  const label = await browser.evaluate(`document.querySelector('${pane} .more').getAttribute('aria-label')`);
  const hidden = Number(/Show (\d+) hidden/.exec(label)?.[1]);
  const place = () => browser.evaluate(`(() => { const { left, top } = document.querySelector('${pane} [data-block="${more}"]').getBoundingClientRect(); return [left, top].map(Math.round); })()`);
  const before = await place();
  await browser.evaluate(`document.querySelector('${pane} .more').focus()`);
  await browser.key("Enter");
  equal("hidden neighbours come on demand", await shown(), few + hidden);
  equal("the block stays where it was", await place(), before);
  equal("and keeps the focus", await browser.evaluate("document.activeElement.dataset.block"), more);
  equal("expanding chooses nothing", await selected(), failing);
  await browser.evaluate(`document.querySelector('${pane} .more').dispatchEvent(new MouseEvent("click", { bubbles: true }))`);
  check("by mouse, too", (await shown()) > few + hidden);

  await browser.key("a");
  equal("a shows all blocks", await shown(), all);
  equal("of the source, too", await browser.count('.pane[aria-label="Source graph"] .more'), 0);
  await browser.click(`${pane} .graph-tools button`);
  equal("and the button goes back", await shown(), few);
  await browser.click(`${pane} .graph-tools button`);
  equal("and forth", await shown(), all);

  await browser.click(`${pane} [aria-label="Larger"]`);
  for (let i = 0; i < 4; ++i) await browser.click(`${pane} [aria-label="Larger"]`);
  check("a graph larger than its window has a map", await browser.evaluate(`getComputedStyle(document.querySelector('${map}')).display !== 'none' && !document.querySelector('${map}').classList.contains('needless')`));
  await browser.drag(map, [0.3, 0.2], [0.3, 0.2]);
  const upper = await window();
  await browser.drag(map, [0.3, 0.2], [0.7, 0.8]);
  const lower = await window();
  check("dragging on the map moves the window", lower[0] > upper[0] + 20 && lower[1] > upper[1] + 20, `${upper} to ${lower}`);
  equal("and its frame", await browser.evaluate(`['x', 'y'].map((name) => Number(document.querySelector('${map} .frame').getAttribute(name)))`), lower.slice(0, 2));
  await browser.drag(map, [0.3, 0.2], [0.3, 0.2]);
  equal("a click on it, too", await window(), upper);
  await browser.drag(`${pane} svg.graph`, [0.5, 0.5], [0.4, 0.5]);
  check("the graph itself can be dragged", (await window())[0] > upper[0] + 10);

  await browser.key("f");
  const first = await browser.evaluate("location.hash");
  await browser.key("f");
  check("f goes on to the next block where something is wrong", first !== (await browser.evaluate("location.hash")) && (await browser.count("[data-block].selected")) === 1, first);
  await browser.key("F");
  equal("F goes back", await browser.evaluate("location.hash"), first);

  await browser.goto(file("report.html"), "#settle");
  const far = await browser.evaluate(`(() => { const shown = new Set([...document.querySelectorAll('${pane} [data-block]')].map((block) => Number(block.dataset.block))); return [...Array(${all}).keys()].find((block) => !shown.has(block)); })()`);
  await browser.hash(`#settle/b${far}`);
  check("a link to a hidden block shows it", (await selected()) === String(far) && (await inside(far)));
  check("among others", (await shown()) < all);
  await browser.goto(file("report.html"), `#settle/b${far}`);
  check("also when the report is opened with it", (await selected()) === String(far) && (await inside(far)) && (await shown()) < all, await selected());
  check("what is wrong is still said", (await browser.text(".suspect-card")).includes(`0x${constant}`));
  await browser.goto(file("report.html"), "#settle/b999");
  equal("a block that there is not is the failing one", await selected(), failing);
  await browser.goto(file("report.html"), "#no_such%ZZ");
  check("a name that there is not leads to the overview, which says so", (await browser.count(".functions")) === 1 && (await browser.text("#position")).includes("no_such"));
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

/** What a reader of the screen, a listener, a program and a list of open windows are told first. */
async function first_words(name) {
  const html = readFileSync(file(`${name}.html`), "utf8");
  const fixed = [...html.matchAll(/<title>(.*?)<\/title>|<noscript>\s*<h1>(.*?)<\/h1>/g)].map((match) => match[1] ?? match[2]);
  await browser.goto(file(`${name}.html`));
  return { fixed, title: await browser.evaluate("document.title"), heading: await browser.text("h1"), alert: await browser.text("[role=alert]"), bar: await browser.text("#partial") };
}

async function partial() {
  const pass = await first_words("passed");
  equal("a pass says so, with scripts and without", [...pass.fixed, pass.title], ["Symbolon: passed", "Symbolon: passed", "Passed · Symbolon report"]);
  check("and has nothing to add", pass.heading === "Every function is accounted for" && pass.alert === "" && pass.bar === "", JSON.stringify(pass));
  for (const name of ["selected", "interrupted", "empty", "nothing"]) {
    const { fixed, title, heading, alert, bar } = await first_words(name);
    equal(`${name}: no title reads as a pass`, [...fixed, title], ["Symbolon: not passed", "Symbolon: not passed", "Not passed · Symbolon report"]);
    check(`${name}: nor the heading`, heading === "Not a complete validation" || / functions? (are|is) not proved$/.test(heading), heading);
    check(`${name}: the reasons are an alert`, alert.startsWith("This report is not a pass:"), alert);
    check(`${name}: the bar says it on every page`, bar.includes("not a pass"), bar);
    equal(`${name}: no badge or bar beside it is all there is`, await browser.count(".hero.proved"), 0);
  }
  await browser.goto(file("selected.html"), "#checksum");
  check("the title of a page of it, too", (await browser.evaluate("document.title")).endsWith("partial, not a pass"));

  await browser.goto(file("one.html"), "#may_run");
  check("show writes one page", (await browser.text(".suspect-card")).includes("b.hs") && (await browser.text("#partial")).includes("not a pass"));
  await browser.goto(file("unsupported.html"), "#last_of");
  check("of functions without a pair, too", (await browser.text(".first-look")).includes("variable length"));
}

async function rechecked() {
  await browser.goto(file("recheck.html"), "#checksum");
  equal("a recheck has pages with both graphs", await browser.count("svg.graph[role=group]"), 2);
  check("with the pairing of the certificate", (await browser.count("#relations .relations tr")) > 0 && (await browser.text("#obligations h2")).includes("all hold"));
  check("source and machine code", (await browser.count("tr[data-line]")) > 3 && (await browser.count("tr[data-code]")) > 5);
  await browser.goto(file("recheck.html"), "#may_run");
  check("what has no certificate says so", (await browser.text(".first-look")).includes("certificate"), await browser.text(".first-look"));
  check("and shows its graphs", (await browser.count("svg.graph[role=group]")) === 2);
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
  for (const part of [overview, refuted, large, linked, undecided, partial, rechecked, looks]) await part();
  equal("no errors, no warnings, no requests", browser.complaints, []);
  check("only the file itself was read", browser.requests.every((url) => url.startsWith("file:") && existsSync(new URL(url))), String(browser.requests));
} finally {
  await browser.close();
}
console.log(`${checks} checks, ${failures} failures`);
process.exit(failures === 0 && checks > 40 ? 0 : 1);
