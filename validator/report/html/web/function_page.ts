// SPDX-License-Identifier: Apache-2.0
// One function: what is wrong first, then source, both graphs and machine code side by side, linked; then trace, relations, obligations
// and assumptions.
import { chain, long_chain, row_of } from "./chain";
import { FunctionRow, Graph, other, Overview, Page, Side } from "./data";
import { base_name, Child, h, plural, short_number, thousands } from "./dom";
import { GraphView, Marks } from "./graph";
import { CodePane, code_text, RowMarks, SourcePane, source_text } from "./listing";
import { obligations, relations } from "./proof";
import { kept, Position, TracePanel } from "./trace";
import { badge } from "./verdicts";

export interface Place {
  side: Side;
  block: number;
}
type Blocks = Record<Side, Set<number>>;
const no_blocks = (): Blocks => ({ source: new Set(), binary: new Set() });

export class FunctionPage {
  readonly element: HTMLElement;
  private readonly graphs_: Partial<Record<Side, GraphView>> = {};
  private readonly source_: SourcePane;
  private readonly code_: CodePane;
  private readonly trace_: TracePanel | null;
  private readonly operations_ = h("section", { id: "operations", class: "panel" });
  private readonly passed_ = no_blocks();
  private readonly failing_: Record<Side, number> = { source: -1, binary: -1 };
  private readonly suspect_code_: number;
  private readonly stops_: Place[];
  private selected_: Place;
  private step_: Position | null = null;

  constructor(private readonly row_: FunctionRow, private readonly page_: Page, private readonly overview_: Overview, place: Place | null,
              private readonly link_: (row: FunctionRow) => string, private readonly chosen_: (place: Place) => void) {
    const trace = page_.trace;
    if (trace !== undefined) {
      for (const side of ["source", "binary"] as const) for (const step of trace[side]) if (step.block >= 0) this.passed_[side].add(step.block);
    }
    const suspect = trace === undefined || trace.cause.suspect < 0 ? undefined : trace.binary[kept(trace, "binary", trace.cause.suspect)];
    this.suspect_code_ = suspect?.row ?? -1;
    this.failing_.source = trace?.cause.source_block ?? -1;
    this.failing_.binary = trace?.cause.binary_block ?? page_.proof?.obligations.find((row) => row[5] === "open")?.[3] ?? -1;
    this.stops_ = this.failing_blocks(suspect?.block ?? -1);
    const first = place !== null && this.has(place) ? place : this.first_place(suspect?.block ?? -1);
    this.selected_ = first;

    this.source_ = new SourcePane(page_, (line) => { this.pick_row("source", line); });
    this.code_ = new CodePane(page_, (symbol) => this.display(symbol), (code) => { this.pick_row("binary", code); });
    this.trace_ = trace === undefined ? null : new TracePanel(trace, page_, (position) => { this.stepped(position); });
    this.element = h("main", { class: "function", id: "main" }, this.head(), this.first_look(), this.workbench(), ...this.panels());
    this.trace_?.go(this.trace_.suspect());
    this.selected_ = first;
    this.step_ = null;
  }

  /** For when it is in the document: only what has a place there can be scrolled to. */
  shown(): void {
    this.select(this.selected_.side, this.selected_.block, false);
  }

  /** For the keys ← and →. */
  step(by: number): void {
    this.trace_?.go(this.trace_.position + by);
  }
  show_all(): void {
    for (const graph of Object.values(this.graphs_)) graph.show_all(true);
  }

  /** For the keys f and F: from one block where something is wrong to the next. */
  next_failing(by: number): void {
    const at = this.stops_.findIndex(({ side, block }) => side === this.selected_.side && block === this.selected_.block);
    const next = this.stops_[at < 0 ? (by > 0 ? 0 : this.stops_.length - 1) : (at + by + this.stops_.length) % this.stops_.length];
    if (next !== undefined) this.select(next.side, next.block);
  }

  private has({ side, block }: Place): boolean {
    return block >= 0 && block < (this.page_[side]?.blocks.length ?? 0);
  }

  /** The suspect's block, those where the sides part, and those of obligations that are not closed; each once. */
  private failing_blocks(suspect: number): Place[] {
    const open = (this.page_.proof?.obligations ?? []).filter((row) => row[5] === "open" || row[5] === "not decided");
    const all: Place[] = [suspect, this.failing_.binary, ...open.map((row) => row[3])].map((block): Place => ({ side: "binary", block }));
    all.push({ side: "source", block: this.failing_.source });
    return all.filter((place, i) => this.has(place) && all.findIndex(({ side, block }) => side === place.side && block === place.block) === i);
  }

  select(side: Side, block: number, tell = true): void {
    if (!this.has({ side, block })) return;
    this.selected_ = { side, block };
    this.step_ = null;
    this.mark();
    const { proof, near } = this.partners(side, block);
    this.graphs_[side]?.reveal(block);
    const partner = [...proof, ...near][0];
    if (partner !== undefined) this.graphs_[other(side)]?.reveal(partner);
    const rows = (at: Side, blocks: Iterable<number>): number => Math.min(...[...blocks].flatMap((b) => this.page_[at]?.blocks[b]?.rows ?? []));
    const mine = rows(side, [block]), theirs = rows(other(side), proof.size > 0 ? proof : near);
    this.pane(side).reveal(side === "binary" && this.page_.binary?.blocks[block]?.rows.includes(this.suspect_code_) ? this.suspect_code_ : mine);
    this.pane(other(side)).reveal(theirs);
    this.draw_operations();
    if (tell) this.chosen_(this.selected_);
  }

  private pane(side: Side): SourcePane | CodePane {
    return side === "source" ? this.source_ : this.code_;
  }
  private display(symbol: string): string {
    return row_of(this.overview_, this.row_.image, symbol)?.display ?? symbol;
  }

  private first_place(suspect: number): Place {
    if (this.page_.binary === null || this.page_.binary === undefined) return { side: "source", block: Math.max(0, this.failing_.source) };
    return { side: "binary", block: suspect >= 0 ? suspect : Math.max(0, this.failing_.binary) };
  }

  private pick_row(side: Side, row: number): void {
    const blocks = this.page_[side]?.blocks ?? [];
    const held = blocks[this.selected_.block]?.rows.includes(row) === true && this.selected_.side === side;
    const block = held ? this.selected_.block : blocks.findIndex((candidate) => candidate.rows.includes(row));
    if (block >= 0) this.select(side, block);
    else if (side === "source") {
      const code = this.page_.code?.findIndex((word) => word[3] === row) ?? -1;
      if (code >= 0) this.pick_row("binary", code);
    }
  }

  /** Lines that a block of either side stands for. */
  private lines_of(side: Side, block: number): Set<number> {
    const rows = this.page_[side]?.blocks[block]?.rows ?? [];
    return new Set(side === "source" ? rows : rows.map((row) => this.page_.code?.[row]?.[3] ?? -1).filter((line) => line >= 0));
  }

  private partners(side: Side, block: number): { proof: Set<number>; near: Set<number> } {
    const proof = new Set<number>(), near = new Set<number>();
    const add = (source: number, binary: number): void => {
      const [mine, theirs] = side === "source" ? [source, binary] : [binary, source];
      if (mine === block && theirs >= 0) proof.add(theirs);
    };
    for (const [source, binary] of this.page_.pairs ?? []) add(source, binary);
    for (const cut of this.page_.proof?.cuts ?? []) add(cut.source, cut.binary);
    for (const meeting of this.page_.proof?.meetings ?? []) {
      add(meeting.path, meeting.binary);
      add(meeting.memory, meeting.binary);
    }
    const lines = this.lines_of(side, block);
    const theirs: Graph | null | undefined = this.page_[other(side)];
    theirs?.blocks.forEach((_, i) => {
      for (const line of this.lines_of(other(side), i)) if (lines.has(line)) near.add(i);
    });
    return { proof, near };
  }

  private mark(): void {
    const { side, block } = this.selected_;
    const { proof, near } = this.partners(side, block);
    const trace = this.page_.trace;
    const step_row = (at: Side): number => (this.step_ === null || trace === undefined ? -1 : (trace[at][this.step_[at]]?.row ?? -1));
    for (const at of ["source", "binary"] as const) {
      const mine = at === side;
      const marks: Marks = { selected: mine ? block : -1, partners: mine ? new Set() : proof, near: mine ? new Set() : near, failing: this.failing_[at],
        suspect_row: at === "binary" ? this.suspect_code_ : -1, passed: this.passed_[at], step_row: step_row(at) };
      this.graphs_[at]?.mark(marks);
      const rows = (blocks: Iterable<number>): Set<number> => new Set([...blocks].flatMap((b) => this.page_[at]?.blocks[b]?.rows ?? []));
      const partner_rows = mine ? new Set<number>() : rows(proof.size > 0 ? proof : near);
      if (at === "source" && side === "binary") for (const line of this.lines_of("binary", block)) partner_rows.add(line);
      const row_marks: RowMarks = { selected: mine ? rows([block]) : new Set(), partner: partner_rows, suspect: at === "binary" ? this.suspect_code_ : -1, step: step_row(at),
        failing: at === "source" && (this.page_.error_line ?? -1) >= 0 ? new Set([this.page_.error_line!]) : new Set() };
      this.pane(at).mark(row_marks);
    }
  }

  private stepped(position: Position): void {
    this.step_ = position;
    const trace = this.page_.trace!;
    const ours = trace.binary[position.binary], theirs = trace.source[position.source];
    if (ours !== undefined && ours.block >= 0) this.selected_ = { side: "binary", block: ours.block };
    this.mark();
    if (ours !== undefined) {
      this.graphs_.binary?.reveal(ours.block);
      this.code_.reveal(ours.row);
    }
    if (theirs !== undefined) {
      this.graphs_.source?.reveal(theirs.block);
      this.source_.reveal(theirs.row);
    }
    this.draw_operations();
  }

  private head(): HTMLElement {
    const row = this.row_;
    return h("header", { class: "function-head" },
      h("div", {}, badge(row.verdict, true), h("h1", {}, row.display)),
      h("p", { class: "muted" }, `${base_name(row.file)}${row.line > 0 ? `:${row.line}` : ""}`, row.address !== "" && ` · ${row.address} · ${plural(row.size, "byte")}`, this.overview_.images.length > 1 && ` · image ${row.image}`,
        row.units > 0 && ` · ${short_number(row.units)} solver units`, h("br"), h("code", { class: "small" }, row.symbol)),
      this.page_.note !== "" && h("p", { class: "notice" }, this.page_.note), chain(row, this.overview_));
  }

  private instruction(code: number): Child[] {
    const word = this.page_.code?.[code];
    if (word === undefined) return [];
    const line = this.page_.lines?.[word[3]];
    return [h("pre", { class: "exhibit binary" }, h("span", { class: "muted" }, `0x${word[0]}  `), ...code_text(word[2])),
      line !== undefined && h("pre", { class: "exhibit source" }, h("span", { class: "muted" }, `${base_name(this.page_.files?.[line[0]] ?? "")}:${line[1]}  `), ...source_text(line[2].trim()))];
  }

  /** The card that answers "what is wrong, and where". */
  private first_look(): Child {
    const { row_: row, page_: page } = this;
    const [means, action] = this.overview_.reasons[`${row.verdict}/${row.reason}`] ?? ["", ""];
    const trace = page.trace;
    if (trace !== undefined) {
      const decided = trace.cause.decided_by < 0 ? -1 : (trace.binary[kept(trace, "binary", trace.cause.decided_by)]?.row ?? -1);
      const here = trace.events.find((event) => event.differs);
      const wrong = trace.events.flatMap((event) => event.values).filter((value) => value[4]);
      return h("section", { class: "first-look refuted", "aria-label": "What is wrong" },
        h("div", {}, h("h2", {}, "They differ: ", trace.text), h("p", { class: "muted" }, means !== "" ? means : "Visible memory is not what the source leaves."),
          ...wrong.map(([name, source, place, binary]) => h("p", { class: "versus" }, h("span", {}, h("b", {}, "C++ "), h("code", { class: "source-word" }, name), " = ", h("code", {}, source)), h("span", {}, h("b", {}, "machine code "), place !== "" && h("code", { class: "binary-word" }, place), " = ", h("code", {}, binary)))),
          wrong.length === 0 && here !== undefined && h("p", { class: "versus" }, h("span", {}, h("b", {}, "C++: "), here.source?.what ?? "nothing", here.values.length > 0 && h("code", { class: "source-word" }, ` (${here.values.map(([name, value]) => `${name} = ${value}`).join(", ")})`)),
            h("span", {}, h("b", {}, "machine code: "), here.binary?.what ?? "nothing")),
          h("p", { class: "small" }, h("span", { class: "muted" }, "with "), h("code", { class: "source-word" }, trace.entry.parameters.slice(0, 6).map(([name, value]) => `${name} = ${value}`).join(", ")))),
        this.suspect_code_ >= 0 && h("div", { class: "suspect-card" }, h("h3", {}, "★ Look here first"), ...this.instruction(this.suspect_code_), h("p", { class: "small muted" }, `This instruction ${trace.cause.why}${decided >= 0 ? "; its condition was made by" : "."}`),
          ...(decided >= 0 ? this.instruction(decided).slice(0, page.code?.[decided]?.[3] === page.code?.[this.suspect_code_]?.[3] ? 1 : 2) : []),
          h("button", { class: "small-button", click: () => { this.trace_?.go(this.trace_.suspect()); this.trace_?.element.scrollIntoView({ behavior: "auto", block: "start" }); } }, "step through the run")));
    }
    if (row.verdict === "proved") return h("section", { class: "first-look proved", "aria-label": "Result" }, h("div", {}, h("h2", {}, "Equal in every allowed state"), long_chain(row, this.overview_)));
    const place = page.proof?.obligations.find((obligation) => obligation[5] === "open");
    const code = place === undefined ? -1 : (page.code ?? []).findIndex((word) => `0x${word[0]}` === place[2]);
    return h("section", { class: `first-look ${row.verdict}`, "aria-label": "Result" },
      h("div", {}, h("h2", {}, row.text !== "" ? row.text : means !== "" ? means : row.reason), row.text !== "" && means !== "" && h("p", {}, means), action !== "" && h("p", { class: "muted" }, action),
        h("p", { class: "small" }, h("code", {}, row.reason)), [page.source_error, page.binary_error].some((text) => (text ?? "") !== "") && h("ul", { class: "small" },
          page.source_error !== undefined && page.source_error !== "" && h("li", {}, `Source: ${page.source_error}`), page.binary_error !== undefined && page.binary_error !== "" && h("li", {}, `Machine code: ${page.binary_error}`)),
        (page.error_line ?? -1) >= 0 && h("pre", { class: "exhibit source" }, h("span", { class: "muted" }, `${base_name(page.files?.[page.lines![page.error_line!]![0]] ?? "")}:${page.lines![page.error_line!]![1]}  `), ...source_text(page.lines![page.error_line!]![2].trim()))),
      code >= 0 && h("div", { class: "suspect-card" }, h("h3", {}, "The first obligation that stays open"), ...this.instruction(code), h("p", { class: "small muted" }, `${place![0]}: ${place![1]}`)));
  }

  private graph_pane(side: Side): HTMLElement {
    const graph = this.page_[side];
    const title = side === "source" ? "Source graph" : "Binary graph";
    if (graph === null || graph === undefined) {
      const why = side === "source" ? this.page_.source_error : this.page_.binary_error;
      return h("section", { class: "pane", "aria-label": title }, h("header", {}, h("h2", {}, title)), h("p", { class: "empty muted" }, why !== undefined && why !== "" ? why : "There is no graph of this half."));
    }
    const texts = {
      row: (index: number): [string, string] => side === "source" ? [String(this.page_.lines![index]![1]), this.page_.lines![index]![2].trim()] : [this.page_.code![index]![0].slice(-3), this.page_.code![index]![2]],
      title: (block: number): string => this.block_title(side, block),
    };
    const { side: at, block } = this.selected_;
    const focus = at === side ? block : ([...this.partners(at, block).proof, ...this.partners(at, block).near][0] ?? Math.max(0, this.failing_[side]));
    const view = new GraphView(side, graph, texts, focus, { selected: -1, partners: new Set(), near: new Set(), failing: this.failing_[side], suspect_row: -1, passed: this.passed_[side], step_row: -1 }, (chosen) => { this.select(side, chosen); });
    this.graphs_[side] = view;
    return h("section", { class: "pane", "aria-label": title }, h("header", {}, h("h2", {}, title)), view.element);
  }

  private block_title(side: Side, block: number): string {
    const graph = this.page_[side]!;
    const rows = graph.blocks[block]!.rows;
    const names = rows.map((row) => (side === "source" ? this.page_.lines?.[row]?.[1] : this.page_.code?.[row]?.[0].slice(-5)));
    const next = graph.edges.filter(([from]) => from === block).map(([, to]) => `${side === "source" ? "s" : "b"}${to}`);
    return `Block ${side === "source" ? "s" : "b"}${block}, ${side === "source" ? "lines" : "instructions"} ${names.join(", ") || "none"}; ${next.length > 0 ? `leads to ${next.join(" and ")}` : "leaves the function"}`;
  }

  private workbench(): HTMLElement {
    return h("div", { class: "workbench" }, this.source_.element, this.graph_pane("source"), this.graph_pane("binary"), this.code_.element);
  }

  private draw_operations(): void {
    const { side, block } = this.selected_;
    const { proof, near } = this.partners(side, block);
    const graph = this.page_[side];
    if (graph === null || graph === undefined) return;
    const name = (at: Side, blocks: Set<number>): string => [...blocks].map((b) => `${at === "source" ? "s" : "b"}${b}`).join(", ");
    this.operations_.replaceChildren(h("h2", {}, `Block ${name(side, new Set([block]))} in the words of the proof`),
      h("p", { class: "small muted" }, proof.size > 0 ? `paired with ${name(other(side), proof)}; ` : "", near.size > 0 ? `same lines: ${name(other(side), near)}` : "no block of the other side has these lines"),
      h("ol", { class: "ops" }, ...graph.blocks[block]!.ops.map((text) => h("li", { class: text.startsWith("assume ") ? "assume" : "" }, h("code", {}, text)))));
  }

  private panels(): Child[] {
    const { page_: page } = this;
    const go = (side: Side, block: number): void => { this.select(side, block); this.element.querySelector(".workbench")?.scrollIntoView({ block: "nearest" }); };
    const address_of = (place: string): string => (place.startsWith("0x") ? place.replace(/^0x[0-9a-f]*(?=[0-9a-f]{5})/, "…") : place);
    return [this.trace_?.element, page.proof !== undefined && relations(page.proof, go), page.proof !== undefined && page.proof.obligations.length > 0 && obligations(page.proof, go, address_of), this.operations_, this.rest(), this.as_text()];
  }

  private rest(): HTMLElement {
    const { page_: page, overview_: overview, row_: row } = this;
    const callees = (row.brief?.callees ?? []).map((symbol) => row_of(overview, row.image, symbol)).filter((callee): callee is FunctionRow => callee !== undefined);
    return h("section", { id: "rests-on", class: "panel columns" },
      h("div", {}, h("h2", {}, "Assumptions"), page.assumptions.length === 0 && h("p", { class: "muted" }, "none beyond the trusted base"),
        h("dl", {}, ...page.assumptions.flatMap(([id, scope]) => [h("dt", {}, h("code", { title: overview.ledger[id]?.[0] ?? "" }, id), ` ${scope}`), h("dd", { class: "small muted" }, overview.ledger[id]?.[0] ?? "")]))),
      h("div", {}, h("h2", {}, "Callees"), callees.length === 0 && h("p", { class: "muted" }, "none"),
        h("ul", { class: "plain" }, ...callees.map((callee) => h("li", {}, badge(callee.verdict), " ", callee.page >= 0 ? h("a", { href: this.link_(callee) }, callee.display) : callee.display))),
        page.inlined.length > 0 && h("details", {}, h("summary", {}, `${plural(page.inlined.length, "source function")} inlined`), h("ul", { class: "plain small" }, ...page.inlined.map((symbol) => h("li", {}, this.display(symbol))))),
        page.covers.length > 0 && h("p", { class: "small" }, "Code proved as part of it: ", page.covers.map(([symbol, , bytes]) => `${symbol} (${thousands(bytes)} bytes)`).join(", ")),
        page.contract !== "" && h("p", {}, "Contract: ", page.contract)),
      page.details.length > 0 && h("div", { class: "whole" }, h("h2", {}, "What the tool prints"), h("pre", { class: "details" }, page.details.join("\n"))));
  }

  /** The graphs without pictures. */
  private as_text(): HTMLElement {
    const table = (side: Side): Child => {
      const graph = this.page_[side];
      return graph !== null && graph !== undefined && h("table", { class: "wide" }, h("caption", {}, side === "source" ? "Blocks of the source" : "Blocks of the machine code"),
        h("thead", {}, h("tr", {}, ...["block", "contents", "leads to", "partner"].map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, ...graph.blocks.map((block, i) => {
          const { proof, near } = this.partners(side, i);
          const names = (blocks: Set<number>): string => [...blocks].map((b) => `${side === "source" ? "b" : "s"}${b}`).join(", ");
          const next = graph.edges.filter(([from]) => from === i).map(([, to, label]) => `${label === 0 ? "if so " : label === 1 ? "else " : ""}${side === "source" ? "s" : "b"}${to}`);
          return h("tr", {}, h("th", { scope: "row" }, `${side === "source" ? "s" : "b"}${i}`), h("td", {}, ...block.rows.flatMap((row) => [h("code", {}, side === "source" ? `${this.page_.lines![row]![1]} ${this.page_.lines![row]![2].trim()}` : this.page_.code![row]![2]), h("br")])),
            h("td", {}, next.join(", ")), h("td", {}, proof.size > 0 ? `paired: ${names(proof)}` : near.size > 0 ? `same lines: ${names(near)}` : ""));
        })));
    };
    const details = h("details", { id: "as-text", class: "panel" }, h("summary", {}, "Both graphs as text"));
    details.addEventListener("toggle", () => { if (details.open && details.childElementCount === 1) details.append(...[table("source"), table("binary")].filter((node): node is HTMLTableElement => node instanceof HTMLTableElement)); });
    return details;
  }
}
