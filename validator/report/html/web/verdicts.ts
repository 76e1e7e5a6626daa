// SPDX-License-Identifier: Apache-2.0
// A verdict is shown by colour, sign and word together: none of the three is needed to tell them apart.
import { Verdict } from "./data";
import { h } from "./dom";

export const verdicts: Verdict[] = ["refuted", "error", "unknown", "unsupported", "not_run", "assumed", "proved", "inlined"];
const signs: Record<Verdict, string> = {
  proved: "✓", refuted: "✗", unknown: "?", unsupported: "⊘", error: "!", not_run: "○", assumed: "◇", inlined: "↳",
};
const meanings: Record<Verdict, string> = {
  proved: "machine code and source are equal in every allowed state",
  refuted: "a run was found, replayed and confirmed by an emulator, in which they differ",
  unknown: "neither proved nor refuted",
  unsupported: "outside of what the tool can read",
  error: "the tool, its input or its models are wrong somewhere",
  not_run: "not attempted",
  assumed: "hand-written assembly or a listed contract: taken for granted",
  inlined: "no code of its own: proved as part of its callers",
};

export const word = (verdict: Verdict): string => verdict.replace("_", " ");
export const meaning = (verdict: Verdict): string => meanings[verdict];
/** What a reader has to look at. */
export const is_open = (verdict: Verdict): boolean => verdict !== "proved" && verdict !== "assumed" && verdict !== "inlined";

export function badge(verdict: Verdict, large = false): HTMLElement {
  return h("span", { class: `badge ${verdict}${large ? " large" : ""}`, title: meanings[verdict] }, h("span", { class: "sign", "aria-hidden": "true" }, signs[verdict]), word(verdict));
}
export const sign = (verdict: Verdict): string => signs[verdict];
