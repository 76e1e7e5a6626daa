// SPDX-License-Identifier: Apache-2.0
// What the certificate says and what it led to: relations of loops, meetings of paths, obligations with their state.
import { Cut, Meeting, Obligation, Proof, Side, Status } from "./data";
import { Child, h, plural, thousands } from "./dom";

export type Go = (side: Side, block: number) => void;

export function block_link(side: Side, block: number, go: Go): Child {
  const name = `${side === "source" ? "s" : "b"}${block}`;
  return block < 0 ? h("span", { class: "muted" }, "–") : h("button", { class: "link block-link", click: () => { go(side, block); } }, name);
}

function list(title: string, names: string[]): Child {
  return names.length > 0 && h("p", { class: "small" }, h("span", { class: "muted" }, `${title} `), h("code", {}, names.join(", ")));
}

function cut_card(cut: Cut, go: Go): HTMLElement {
  return h("article", { class: "card" },
    h("h3", {}, block_link("source", cut.source, go), " ⇄ ", block_link("binary", cut.binary, go)),
    h("table", { class: "relations" }, h("caption", { class: "sr-only" }, "Relations at this pair"),
      ...cut.relations.map(([place, term]) => h("tr", {}, h("td", {}, h("code", { class: "binary-word" }, place)), h("td", {}, "="), h("td", {}, h("code", { class: "source-word" }, term)))),
      ...cut.invariants.map((term) => h("tr", {}, h("td", { class: "muted" }, "always"), h("td"), h("td", {}, h("code", { class: "source-word" }, term))))),
    cut.relations.length + cut.invariants.length === 0 && h("p", { class: "muted small" }, "what both sides keep across it is the same by itself"),
    list("the source changes", [...cut.source_changes, ...cut.source_places]), list("the binary changes", [...cut.binary_changes, ...cut.binary_places]),
    (cut.memory || cut.events) && h("p", { class: "small muted" }, [cut.memory && "visible memory changes, alike", cut.events && "events happen, the same ones"].filter(Boolean).join("; ")));
}

function meeting_row(meeting: Meeting, go: Go): HTMLElement {
  return h("tr", {}, h("td", {}, block_link("binary", meeting.binary, go)),
    h("td", {}, meeting.path >= 0 && h("span", {}, "exactly when the source is at ", block_link("source", meeting.path, go)),
      meeting.memory >= 0 && h("div", {}, "memory is the source's at ", block_link("source", meeting.memory, go)),
      ...meeting.values.map(([place, text, block]) => h("div", {}, h("code", { class: "binary-word" }, place), " is ", h("code", { class: "source-word" }, text), " of ", block_link("source", block, go)))));
}

export function relations(proof: Proof, go: Go): HTMLElement {
  const nothing = proof.cuts.length === 0 && proof.meetings.length === 0 && proof.placements.length === 0;
  return h("section", { id: "relations", class: "panel" },
    h("h2", {}, "Pairing and relations"),
    !proof.found && h("p", { class: "notice" }, "No proof was found. This is the attempt that came furthest; what it says has not been proved."),
    nothing && h("p", { class: "muted" }, "No loops and no joins that need a relation: both graphs were compared as they are."),
    proof.shapes.length > 0 && h("ul", { class: "small" }, ...proof.shapes.map(({ half, block, text }) => h("li", {}, `Loop of the ${half} at `, block_link(half, block, go), `: ${text}.`))),
    proof.cuts.length > 0 && h("div", { class: "cards" }, ...proof.cuts.map((cut) => cut_card(cut, go))),
    proof.meetings.length > 0 && h("details", { open: proof.meetings.length <= 6 }, h("summary", {}, plural(proof.meetings.length, "meeting of paths", "meetings of paths")),
      h("table", { class: "wide" }, h("caption", { class: "sr-only" }, "Meetings"), h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "join of the binary"), h("th", { scope: "col" }, "what it is"))),
        h("tbody", {}, ...proof.meetings.map((meeting) => meeting_row(meeting, go))))),
    proof.placements.length > 0 && h("p", {}, "Locals in memory: ", ...proof.placements.map(([local, offset]) => h("code", { class: "tag" }, `${local.replace(/^&/, "")} at entry sp ${offset < 0 ? "−" : "+"} ${Math.abs(offset)}`))));
}

/** In the order in which a reader needs them. */
const statuses: [Status, string, string][] = [
  ["open", "✗ open", "open"], ["not decided", "? not decided", "not decided"], ["not tried", "· not tried", "not tried"],
  ["solver", "✓ by the solver", "hold by the solver"], ["terms", "✓ as terms", "hold as terms"],
];

export function obligations(proof: Proof, go: Go, address_of: (place: string) => string): HTMLElement {
  const rank = (row: Obligation): number => statuses.findIndex(([status]) => status === row[5]);
  const rows = [...proof.obligations].sort((a, b) => rank(a) - rank(b));
  const count = (of: Obligation[]): number => of.reduce((sum, row) => sum + row[4], 0);
  const failed = rows.some((row) => row[5] !== "solver" && row[5] !== "terms");
  const parts = statuses.map(([status, , words]): [number, string] => [count(rows.filter((row) => row[5] === status)), words]).filter(([number]) => number > 0).map(([number, words]) => `${thousands(number)} ${words}`);
  return h("section", { id: "obligations", class: "panel" },
    h("h2", {}, "Obligations ", h("span", { class: "muted" }, plural(count(rows), "obligation"), proof.found && !failed ? ", all hold: " : ": ", parts.join(", "))),
    proof.problem !== undefined && h("p", { class: "notice" }, proof.problem),
    failed && h("p", { class: "small muted" }, "The open one is where the attempt ended. The others were tried again for this page, with few solver units: what is not decided here may hold."),
    h("details", { open: failed || rows.length <= 12 }, h("summary", {}, "as a table"),
      h("table", { class: "wide" }, h("caption", { class: "sr-only" }, "Obligations"),
        h("thead", {}, h("tr", {}, ...["status", "obligation", "says that", "at", "block"].map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, ...rows.map(([kind, says, place, block, times, status]) => h("tr", { class: `obligation ${status.replace(" ", "-")}` },
          h("td", {}, statuses.find(([name]) => name === status)?.[1] ?? status), h("td", {}, h("code", {}, kind), times > 1 && h("span", { class: "muted" }, ` ×${times}`)),
          h("td", {}, says), h("td", {}, h("code", {}, address_of(place))), h("td", {}, block_link("binary", block, go))))))));
}
