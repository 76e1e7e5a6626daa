// SPDX-License-Identifier: Apache-2.0
// A counterexample, step by step through both sides. The binary leads, the source goes along: it meets the binary at each event, and as often
// as it can at the line of an instruction.
import { Page, Side, Trace, TraceEvent, TraceRow } from "./data";
import { Child, h, plural } from "./dom";
import { code_text, source_text } from "./listing";

export interface Position {
  source: number;
  binary: number;
}

/** For each step of the binary the step of the source beside it: never going back, and so that as many as possible are on the same line. */
export function alongside(trace: Trace, page: Page): number[] {
  const count = trace.source.length;
  if (count === 0) return trace.binary.map(() => -1);
  const worth = (ours: TraceRow, theirs: TraceRow): number => {
    if (ours.event >= 0 || theirs.event >= 0) return ours.event === theirs.event ? 1000 : 0;
    return (page.code?.[ours.row]?.[3] ?? -1) === theirs.row && theirs.row >= 0 ? 1 : 0;
  };
  let best = new Array<number>(count).fill(0);
  const from: Int32Array[] = [];
  for (const ours of trace.binary) {
    const before = new Int32Array(count);
    const next = new Array<number>(count);
    let top = 0;
    for (let j = 0; j < count; ++j) {
      if (best[j]! > best[top]!) top = j;
      before[j] = top;
      next[j] = best[top]! + worth(ours, trace.source[j]!);
    }
    from.push(before);
    best = next;
  }
  const result = new Array<number>(trace.binary.length);
  let at = best.indexOf(Math.max(...best));
  for (let i = trace.binary.length - 1; i >= 0; --i) {
    result[i] = at;
    at = from[i]![at]!;
  }
  return result;
}

/** Rows were cut out of the middle of long runs. */
export const kept = (trace: Trace, side: Side, row: number): number => {
  const skipped = side === "source" ? trace.source_skipped : trace.binary_skipped;
  if (skipped === 0 || row < trace.skipped_from) return row;
  return row < trace.skipped_from + skipped ? -1 : row - skipped;
};

const is_temporary = (name: string): boolean => /^(t|r|t\d+w\d+|parameter|this)$/.test(name);

function values_until(rows: TraceRow[], last: number): { values: Map<string, string | null>; fresh: Set<string> } {
  const values = new Map<string, string | null>();
  const fresh = new Set<string>();
  for (let i = 0; i <= last && i < rows.length; ++i) {
    fresh.clear();
    for (const [name, value] of rows[i]!.sets) {
      if (is_temporary(name)) continue;
      values.set(name, value);
      fresh.add(name);
    }
  }
  return { values, fresh };
}

function memory_text(row: TraceRow): Child[] {
  return row.memory.map(([writes, address, bytes, value]) => h("div", { class: "small" }, h("span", { class: "muted" }, writes === 1 ? "writes " : "reads "), h("code", {}, `u${8 * bytes}[${address}] ${writes === 1 ? "=" : "→"} ${value}`)));
}

export class TracePanel {
  readonly element: HTMLElement;
  position = -1;
  private readonly beside_: number[];
  private readonly now_ = h("div", { class: "trace-now" });
  private readonly slider_ = h("input", { type: "range", min: 0, "aria-label": "Step of the machine code" });
  private readonly rows_: HTMLElement[] = [];
  private readonly scroll_: HTMLElement;

  constructor(private readonly trace_: Trace, private readonly page_: Page, private readonly moved_: (position: Position) => void) {
    this.beside_ = alongside(trace_, page_);
    this.slider_.max = String(Math.max(0, trace_.binary.length - 1));
    this.slider_.addEventListener("input", () => { this.go(Number(this.slider_.value)); });
    const button = (text: string, label: string, by: () => number): HTMLElement => h("button", { class: "small-button", "aria-label": label, title: label, click: () => { this.go(by()); } }, text);
    const last = trace_.binary.length - 1;
    this.scroll_ = this.table();
    this.element = h("section", { id: "trace", class: "panel trace" },
      h("h2", {}, "Counterexample, step by step"),
      h("p", { class: "muted small" }, `Replayed in both graphs; an independent emulator ${trace_.emulator.status === "agrees" ? `agrees with the machine code over ${plural(trace_.emulator.instructions, "instruction")} and ${plural(trace_.emulator.calls, "call")}` : trace_.emulator.status}.`,
        trace_.emulator.stubbed.length > 0 && ` Words that it stepped over: ${trace_.emulator.stubbed.join(", ")}.`),
      this.entry(),
      h("h3", {}, "Where both are compared"), this.events(),
      h("h3", {}, "Steps"),
      h("div", { class: "trace-tools", role: "group", "aria-label": "Steps" },
        button("|◀", "First step", () => 0), button("◀", "Step back (←)", () => this.position - 1), button("▶", "Step on (→)", () => this.position + 1), button("▶|", "Last step", () => last),
        button("★ suspect", "To the instruction to look at first", () => this.suspect()), this.slider_),
      h("div", { class: "trace-body" }, this.now_, this.scroll_));
  }

  suspect(): number {
    const at = this.trace_.cause.suspect;
    return at < 0 ? this.trace_.binary.length - 1 : Math.max(0, kept(this.trace_, "binary", at));
  }

  go(step: number): void {
    const at = Math.max(0, Math.min(this.trace_.binary.length - 1, step));
    if (this.trace_.binary.length === 0) return;
    this.position = at;
    this.slider_.value = String(at);
    this.rows_.forEach((row, i) => { row.classList.toggle("step", i === at); });
    const row = this.rows_[at];
    if (row !== undefined) this.scroll_.scrollTop = row.offsetTop - this.scroll_.clientHeight / 2;
    const source = this.beside_[at] ?? 0;
    this.draw_now(source, at);
    this.moved_({ source, binary: at });
  }

  private entry(): HTMLElement {
    const { parameters, memory, locals, sp } = this.trace_.entry;
    return h("details", { class: "entry", open: true }, h("summary", {}, "What goes in"),
      h("div", { class: "entry-tables" },
        h("table", {}, h("caption", {}, "Arguments"), h("thead", {}, h("tr", {}, ...["C++", "value", "register", "value"].map((name) => h("th", { scope: "col" }, name)))),
          ...parameters.map(([name, value, place, register]) => h("tr", {}, h("td", {}, h("code", { class: "source-word" }, name)), h("td", {}, h("code", {}, value)), h("td", {}, h("code", { class: "binary-word" }, place)), h("td", {}, h("code", {}, register)))),
          h("tr", {}, h("td"), h("td"), h("td", {}, h("code", { class: "binary-word" }, "sp")), h("td", {}, h("code", {}, sp))),
          ...locals.map(([name, address, offset]) => h("tr", {}, h("td", {}, h("code", { class: "source-word" }, name)), h("td", {}, h("code", {}, address)), h("td", { colspan: 2 }, offset)))),
        memory.length > 0 && h("table", {}, h("caption", {}, "Memory that the source reads"), ...memory.map(([address, bytes, value]) => h("tr", {}, h("td", {}, h("code", {}, `u${8 * bytes}[${address}]`)), h("td", {}, h("code", {}, value)))))));
  }

  private events(): HTMLElement {
    const cell = (event: TraceEvent, side: Side): Child[] => [event[side]?.what ?? h("span", { class: "muted" }, "nothing")];
    return h("table", { class: "wide events" }, h("caption", { class: "sr-only" }, "Events of both sides"),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "#"), h("th", { scope: "col" }, "source"), h("th", { scope: "col" }, "machine code"), h("th", { scope: "col" }, "values: C++ name, source | register, machine code"))),
      h("tbody", {}, ...this.trace_.events.map((event) => h("tr", { class: event.differs ? "differs" : "" },
        h("td", {}, event.end === true ? "end" : String(event.number)), h("td", {}, ...cell(event, "source")), h("td", {}, ...cell(event, "binary")),
        h("td", {}, ...event.values.map(([name, source, place, binary, differs]) => h("div", { class: `pair${differs ? " wrong" : ""}` },
          h("code", { class: "source-word" }, name), " ", h("code", {}, source), ...(binary === "" ? [] : [h("span", { class: "muted" }, differs ? " ≠ " : " = "), place !== "" && h("code", { class: "binary-word" }, place), " ", h("code", {}, binary)]))),
          event.differs && event.values.every((value) => !value[4]) && h("div", { class: "wrong" }, this.trace_.text))))));
  }

  private draw_now(source: number, binary: number): void {
    const theirs = this.trace_.source[source], ours = this.trace_.binary[binary];
    const cell = (side: Side, row: TraceRow | undefined, index: number): HTMLElement => {
      const { values, fresh } = values_until(this.trace_[side], index);
      const shown = [...values].filter(([name]) => side === "source" || fresh.has(name) || /^x\d+$/.test(name));
      const text = row === undefined || row.row < 0 ? [] : side === "source" ? source_text(this.page_.lines?.[row.row]?.[2].trim() ?? "") : code_text(this.page_.code?.[row.row]?.[2] ?? "");
      const number = row === undefined || row.row < 0 ? "" : side === "source" ? String(this.page_.lines?.[row.row]?.[1] ?? "") : (this.page_.code?.[row.row]?.[0].slice(-5) ?? "");
      return h("div", { class: `now ${side}` }, h("h4", {}, side === "source" ? "C++" : "Machine code", h("span", { class: "muted" }, ` ${number}`)), h("pre", {}, ...text), ...(row === undefined ? [] : memory_text(row)),
        h("table", { class: "values" }, h("caption", { class: "sr-only" }, side === "source" ? "Variables" : "Registers"),
          ...shown.map(([name, value]) => h("tr", { class: fresh.has(name) ? "fresh" : "" }, h("th", { scope: "row" }, name), h("td", {}, value ?? "?")))));
    };
    this.now_.replaceChildren(cell("source", theirs, source), cell("binary", ours, binary));
  }

  private table(): HTMLElement {
    const { cause } = this.trace_;
    const chain = new Set(cause.binary.map((row) => kept(this.trace_, "binary", row)));
    const suspect = cause.suspect < 0 ? -1 : kept(this.trace_, "binary", cause.suspect);
    let shown_source = -1;
    const body = h("tbody");
    this.trace_.binary.forEach((row, i) => {
      const beside = this.beside_[i] ?? -1;
      const theirs = beside !== shown_source ? this.trace_.source[beside] : undefined;
      shown_source = beside;
      const line = theirs === undefined ? undefined : this.page_.lines?.[theirs.row];
      const code = this.page_.code?.[row.row];
      const sets = row.sets.filter(([name]) => !is_temporary(name) && !/^[NZCV]$/.test(name)).map(([name, value]) => `${name} = ${value ?? "?"}`).join(", ");
      const tr = h("tr", { class: `${chain.has(i) ? "chain-row" : ""}${i === suspect ? " suspect" : ""}${row.event >= 0 ? " event" : ""}`, click: () => { this.go(i); } },
        h("td", { class: "muted" }, line === undefined ? "" : String(line[1])), h("td", {}, line === undefined ? "" : line[2].trim()),
        h("td", { class: "muted" }, code?.[0].slice(-5) ?? ""), h("td", {}, h("code", {}, code?.[2] ?? "")), h("td", {}, i === suspect && h("b", { title: cause.why }, "★ "), sets, row.branch >= 0 && h("span", { class: "muted" }, row.branch === 0 ? "taken" : "not taken")));
      this.rows_.push(tr);
      body.append(tr);
      if (this.trace_.binary_skipped > 0 && i === this.trace_.skipped_from - 1) body.append(h("tr", { class: "gap" }, h("td", { colspan: 5 }, `⋯ ${plural(this.trace_.binary_skipped, "step")} left out ⋯`)));
    });
    return h("div", { class: "scroll trace-scroll", tabindex: 0, "aria-label": "Steps of the machine code, beside the lines of the source" },
      h("table", { class: "steps" }, h("caption", { class: "sr-only" }, "Steps"), h("thead", {}, h("tr", {}, h("th", { scope: "col", colspan: 2 }, "source"), h("th", { scope: "col", colspan: 2 }, "machine code"), h("th", { scope: "col" }, "gives"))), body));
  }
}
