// SPDX-License-Identifier: Apache-2.0
// What a verdict rests on, link by link: both halves read, paired, obligations, assumptions, callees. A broken link is where
// the proof ended.
import { FunctionRow, Overview } from "./data";
import { h, plural, thousands } from "./dom";
import { word } from "./verdicts";

export interface Link {
  name: string;
  state: "good" | "bad" | "open" | "none";
  text: string;
}

const symbols = new WeakMap<Overview, Map<string, FunctionRow>>();

export function row_of(overview: Overview, image: string, symbol: string): FunctionRow | undefined {
  let map = symbols.get(overview);
  if (map === undefined) {
    map = new Map();
    for (const { id, functions } of overview.images) for (const row of functions) map.set(`${id}\n${row.symbol}`, row);
    symbols.set(overview, map);
  }
  return map.get(`${image}\n${symbol}`);
}

export function links(row: FunctionRow, overview: Overview): Link[] {
  if (row.brief === undefined) return [];
  const { brief } = row;
  const proved = row.verdict === "proved";
  const half = (name: string, state: string, what: string): Link => ({
    name, state: state === "lifted" ? "good" : state === "failed" ? "bad" : "none",
    text: state === "lifted" ? `${what} was read into a graph` : state === "failed" ? `${what} could not be read: ${row.text || row.reason}` : `there is no ${what.toLowerCase()}`,
  });
  const list = [half("source", brief.source, "The source"), half("binary", brief.binary, "The machine code")];
  if (brief.source !== "lifted" || brief.binary !== "lifted") return list;
  const joined = brief.cuts + brief.meetings;
  list.push({ name: "pairing", state: proved ? "good" : "open",
    text: proved ? (joined === 0 ? "no loop or join needs a relation of its own" : `${plural(brief.cuts, "pair")} of loops or joins with relations, ${plural(brief.meetings, "meeting")} of paths`) : "no pairing led to a proof" });
  const closed = `${thousands(row.obligations)} obligations, ${thousands(row.syntactic)} closed as terms, ${plural(row.queries, "solver query", "solver queries")}`;
  list.push(row.verdict === "refuted" ? { name: "obligations", state: "bad", text: `a run shows that they cannot all hold: ${row.text}` }
    : { name: "obligations", state: proved ? "good" : "open", text: proved ? closed : `${row.text || row.reason}` });
  list.push({ name: "assumptions", state: proved ? "good" : "none", text: `${plural(row.assumptions, "assumption")} of the ledger` });
  const callees = brief.callees.map((symbol) => row_of(overview, row.image, symbol)).filter((callee): callee is FunctionRow => callee !== undefined);
  const doubtful = callees.filter((callee) => callee.verdict !== "proved" && callee.verdict !== "assumed" && callee.verdict !== "inlined");
  list.push({ name: "callees", state: doubtful.length === 0 ? (callees.length === 0 ? "none" : "good") : "open",
    text: callees.length === 0 ? "it calls nothing" : doubtful.length === 0 ? `each of ${plural(callees.length, "callee")} is proved or assumed`
      : `not proved: ${doubtful.map((callee) => `${callee.display} (${word(callee.verdict)})`).join(", ")}` });
  return list;
}

const marks = { good: "✓", bad: "✗", open: "?", none: "–" };

export function chain(row: FunctionRow, overview: Overview): HTMLElement {
  const list = links(row, overview);
  return h("ol", { class: "chain", "aria-label": "Proof chain" }, ...list.map((link) =>
    h("li", { class: link.state, title: `${link.name}: ${link.text}` }, h("span", { "aria-hidden": "true" }, marks[link.state]), h("span", { class: "sr-only" }, `${link.name}: ${link.text}`))));
}

export function long_chain(row: FunctionRow, overview: Overview): HTMLElement {
  return h("ol", { class: "long-chain" }, ...links(row, overview).map((link) =>
    h("li", { class: link.state }, h("span", { class: "mark", "aria-hidden": "true" }, marks[link.state]), h("b", {}, link.name), h("span", {}, link.text))));
}
