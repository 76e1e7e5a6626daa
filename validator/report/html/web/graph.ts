// SPDX-License-Identifier: Apache-2.0
// One graph: blocks with their lines or instructions. Drag or scroll to move, buttons or ctrl-wheel to zoom; hidden blocks are behind
// "+n" at the edge of those that are shown.
import { Edge, Graph, Side } from "./data";
import { h, plural, s } from "./dom";
import { around, compact, curve, neighbours, Place } from "./neighbourhood";

// These agree with page_graph.cpp.
const most_rows = 9;
const most_characters = 44;
const row_height = 15;
const head_height = 20;

export interface GraphTexts {
  row(index: number): [string, string]; // number in front, text
  title(block: number): string;
}
export interface Marks {
  selected: number;
  partners: Set<number>; // by the proof
  near: Set<number>; // by the line table
  failing: number;
  suspect_row: number;
  passed: Set<number>; // of the trace
  step_row: number;
}

export class GraphView {
  readonly element: HTMLElement;
  private visible_: Set<number>;
  private places_ = new Map<number, Place>();
  private size_: [number, number] = [1, 1];
  private at_ = { x: 0, y: 0, scale: 1 };
  private marks_: Marks;
  private readonly svg_ = s("svg", { class: "graph", role: "group" });
  private readonly map_ = s("svg", { class: "minimap", "aria-hidden": "true" });
  private readonly count_ = h("span", { class: "muted small" });
  private readonly all_ = h("button", { class: "small-button", click: () => { this.show_all(this.visible_.size < this.graph_.blocks.length); } });

  constructor(private readonly side_: Side, private readonly graph_: Graph, private readonly texts_: GraphTexts, focus: number, marks: Marks, private readonly select_: (block: number) => void) {
    this.marks_ = marks;
    this.visible_ = around(graph_, focus, 2);
    this.svg_.setAttribute("aria-label", side_ === "source" ? "Graph of the source" : "Graph of the machine code");
    const zoom = (factor: number, label: string, text: string): HTMLElement => h("button", { class: "small-button", "aria-label": label, title: label, click: () => { this.zoom(factor); } }, text);
    this.element = h("div", { class: "graph-box" },
      h("div", { class: "graph-tools" }, this.count_, this.all_, zoom(1.25, "Larger", "+"), zoom(0.8, "Smaller", "−"),
        h("button", { class: "small-button", title: "Fit into the window", click: () => { this.fit(); } }, "fit")),
      h("div", { class: "graph-window" }, this.svg_, this.map_));
    this.listen();
    this.draw();
    new ResizeObserver(() => { this.apply(); }).observe(this.svg_);
    requestAnimationFrame(() => { this.open_at(focus); });
  }

  mark(marks: Marks): void {
    this.marks_ = marks;
    const extra = [marks.selected, ...(marks.partners.size <= 3 ? marks.partners : [])].filter((block) => block >= 0 && !this.visible_.has(block));
    if (extra.length > 0) for (const block of extra) for (const near of around(this.graph_, block, 1)) this.visible_.add(near);
    this.draw();
  }

  show_all(all: boolean): void {
    this.visible_ = all ? new Set(this.graph_.blocks.keys()) : around(this.graph_, Math.max(0, this.marks_.selected), 2);
    this.draw();
    if (all) this.fit();
    else this.reveal(Math.max(0, this.marks_.selected));
  }

  /** Moves the block into the window when it is not in it. */
  reveal(block: number, force = false): void {
    const place = this.places_.get(block);
    const window = this.window();
    if (place === undefined || window.width === 0) return;
    const [x, y, width, height] = place;
    const { scale } = this.at_;
    const inside = x >= this.at_.x && y >= this.at_.y && x + width <= this.at_.x + window.width / scale && y + height <= this.at_.y + window.height / scale;
    if (inside && !force) return;
    this.at_.x = x + width / 2 - window.width / scale / 2;
    this.at_.y = y + Math.min(height / 2, 60) - window.height / scale / 2.6;
    this.apply();
  }

  private window(): { width: number; height: number } {
    const box = this.svg_.getBoundingClientRect();
    return { width: box.width, height: box.height };
  }

  private open_at(block: number): void {
    const window = this.window();
    const whole = Math.min(window.width / (this.size_[0] + 40), window.height / (this.size_[1] + 40));
    if (whole > 0.75) this.fit();
    else {
      this.at_.scale = 0.9;
      this.reveal(block, true);
    }
  }

  private fit(): void {
    const window = this.window();
    if (window.width === 0) return;
    this.at_.scale = Math.min(1, window.width / (this.size_[0] + 40), window.height / (this.size_[1] + 40));
    this.at_.x = this.size_[0] / 2 - window.width / this.at_.scale / 2;
    this.at_.y = this.size_[1] * this.at_.scale + 40 > window.height ? -20 : Math.max(-(window.height / this.at_.scale - this.size_[1]) / 2, -20);
    this.apply();
  }

  private zoom(factor: number, x = 0.5, y = 0.5): void {
    const window = this.window();
    const scale = Math.min(2.5, Math.max(0.05, this.at_.scale * factor));
    this.at_.x += window.width * x * (1 / this.at_.scale - 1 / scale);
    this.at_.y += window.height * y * (1 / this.at_.scale - 1 / scale);
    this.at_.scale = scale;
    this.apply();
  }

  private apply(): void {
    const { width, height } = this.window();
    if (width === 0) return;
    const { x, y, scale } = this.at_;
    this.svg_.setAttribute("viewBox", `${x} ${y} ${width / scale} ${height / scale}`);
    const frame = this.map_.querySelector(".frame");
    for (const [name, value] of [["x", x], ["y", y], ["width", width / scale], ["height", height / scale]] as const) frame?.setAttribute(name, String(value));
    this.map_.classList.toggle("needless", this.size_[0] * scale <= width + 4 && this.size_[1] * scale <= height + 4);
  }

  private listen(): void {
    let from: { x: number; y: number; px: number; py: number; moved: boolean } | null = null;
    this.svg_.addEventListener("pointerdown", (event) => { from = { x: this.at_.x, y: this.at_.y, px: event.clientX, py: event.clientY, moved: false }; });
    this.svg_.addEventListener("pointermove", (event) => {
      if (from === null || event.buttons === 0) return;
      if (!from.moved && Math.hypot(event.clientX - from.px, event.clientY - from.py) < 4) return;
      if (!from.moved) this.svg_.setPointerCapture(event.pointerId);
      from.moved = true;
      this.at_.x = from.x - (event.clientX - from.px) / this.at_.scale;
      this.at_.y = from.y - (event.clientY - from.py) / this.at_.scale;
      this.apply();
    });
    this.svg_.addEventListener("click", (event) => {
      if (from?.moved === true) event.stopPropagation();
    }, true);
    this.svg_.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = this.svg_.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey) this.zoom(event.deltaY < 0 ? 1.15 : 0.87, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
      else {
        this.at_.x += (event.shiftKey ? event.deltaY : event.deltaX) / this.at_.scale;
        this.at_.y += (event.shiftKey ? 0 : event.deltaY) / this.at_.scale;
        this.apply();
      }
    }, { passive: false });
    this.map_.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.map_.setPointerCapture(event.pointerId);
      this.centre_on_map(event);
    });
    this.map_.addEventListener("pointermove", (event) => { if (this.map_.hasPointerCapture(event.pointerId)) this.centre_on_map(event); });
  }

  private centre_on_map(event: PointerEvent): void {
    const box = this.map_.getBoundingClientRect();
    const window = this.window();
    const scale = Math.min(box.width / this.size_[0], box.height / this.size_[1]);
    this.at_.x = (event.clientX - box.left - (box.width - this.size_[0] * scale) / 2) / scale - window.width / this.at_.scale / 2;
    this.at_.y = (event.clientY - box.top - (box.height - this.size_[1] * scale) / 2) / scale - window.height / this.at_.scale / 2;
    this.apply();
  }

  private classes(block: number): string {
    const m = this.marks_;
    return ["block", block === m.selected && "selected", m.partners.has(block) && "partner", m.near.has(block) && "near", block === m.failing && "failing",
      m.passed.has(block) && "passed", this.graph_.blocks[block]!.loop === true && "loop"].filter(Boolean).join(" ");
  }

  private draw(): void {
    const focused = this.svg_.contains(document.activeElement) ? document.activeElement?.getAttribute("data-block") : null;
    const whole = this.visible_.size === this.graph_.blocks.length;
    const { places, width, height } = compact(this.graph_, this.visible_);
    this.places_ = places;
    this.size_ = [Math.max(1, width), Math.max(1, height)];
    // Of two edges of one block the left one has its label on its left.
    const starts = new Map<number, number[]>();
    const start_of = (path: string): number => Number(/^M(-?[\d.]+)/.exec(path)?.[1] ?? 0);
    const line_of = ([from, to, label, , path]: Edge): string => (whole && path !== "" ? path : curve(places.get(from)!, places.get(to)!, label));
    for (const edge of this.graph_.edges) if (places.has(edge[0]) && places.has(edge[1])) starts.set(edge[0], [...(starts.get(edge[0]) ?? []), start_of(line_of(edge))]);
    const edges = this.graph_.edges.flatMap((edge) => {
      const [from, to, label, back] = edge;
      const start = places.get(from), end = places.get(to);
      if (start === undefined || end === undefined) return [];
      const m = this.marks_;
      const hot = from === m.selected || to === m.selected;
      const passed = m.passed.has(from) && m.passed.has(to);
      const line = line_of(edge);
      const left = label >= 0 && start_of(line) < Math.max(...(starts.get(from) ?? []));
      const [, x, y] = /^M(-?[\d.]+) (-?[\d.]+)/.exec(line) ?? [];
      return [s("path", { d: line, class: `edge${back ? " back" : ""}${hot ? " hot" : ""}${passed ? " passed" : ""}`, "marker-end": `url(#arrow-${this.side_})` }),
        ...(label >= 0 && x !== undefined && y !== undefined ? [s("text", { x: Number(x) + (left ? -6 : 6), y: Number(y) + 12, class: "edge-label", "text-anchor": left ? "end" : "start" }, label === 0 ? "yes" : "no")] : [])];
    });
    const arrow = s("defs", {}, s("marker", { id: `arrow-${this.side_}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" }, s("path", { d: "M0 0L8 4L0 8z", class: "arrow-head" })));
    this.svg_.replaceChildren(arrow, ...edges, ...[...places].map(([block, place]) => this.block(block, place)));
    if (focused !== null && focused !== undefined) this.focus(Number(focused));
    this.draw_map();
    this.count_.textContent = whole ? plural(this.graph_.blocks.length, "block") : `${this.visible_.size} of ${plural(this.graph_.blocks.length, "block")}`;
    this.all_.textContent = whole ? "neighbourhood" : "show all";
    this.all_.hidden = whole && around(this.graph_, Math.max(0, this.marks_.selected), 2).size === this.graph_.blocks.length;
    this.apply();
  }

  private draw_map(): void {
    this.map_.setAttribute("viewBox", `0 0 ${this.size_[0]} ${this.size_[1]}`);
    this.map_.replaceChildren(...[...this.places_].map(([block, [x, y, width, height]]) => s("rect", { x, y, width, height, class: this.classes(block) })), s("rect", { class: "frame" }));
  }

  private block(block: number, [x, y, width, height]: Place): SVGElement {
    const { rows } = this.graph_.blocks[block]!;
    const shown = rows.slice(0, most_rows);
    const texts = shown.map((row, i) => {
      const [number, text] = this.texts_.row(row);
      const cut = text.length > most_characters ? `${text.slice(0, most_characters - 1)}…` : text;
      const line_y = head_height + i * row_height + 11;
      const kind = `${row === this.marks_.suspect_row ? " suspect" : ""}${row === this.marks_.step_row ? " step" : ""}`;
      return s("g", { class: `line${kind}` }, kind !== "" ? s("rect", { x: 2, y: line_y - 11, width: width - 4, height: row_height, class: "line-back" }) : s("g"),
        s("text", { x: 34, y: line_y, class: "line-number", "text-anchor": "end" }, number), s("text", { x: 40, y: line_y }, cut));
    });
    if (rows.length > shown.length) texts.push(s("g", { class: "line" }, s("text", { x: 40, y: head_height + most_rows * row_height + 11, class: "muted-text" }, `… ${rows.length - shown.length} more`)));
    const title = this.texts_.title(block);
    const marks = [this.graph_.blocks[block]!.loop === true && "loop", block === this.marks_.failing && (width < 150 ? "✗" : "✗ they part here")].filter(Boolean).join(" · ");
    const group = s("g", { class: this.classes(block), transform: `translate(${x} ${y})`, tabindex: 0, role: "button", "data-block": block, "aria-label": title, "aria-pressed": String(block === this.marks_.selected),
      click: () => { this.select_(block); },
      keydown: (event: KeyboardEvent) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); this.select_(block); } } },
      s("title", {}, title), s("rect", { width, height, rx: 5, class: "back" }), s("path", { d: `M0 ${head_height - 3}V5a5 5 0 0 1 5-5H${width - 5}a5 5 0 0 1 5 5V${head_height - 3}z`, class: "head" }),
      s("text", { x: 8, y: 12.5, class: "block-name" }, `${this.side_ === "source" ? "s" : "b"}${block}`), s("text", { x: width - 8, y: 12.5, class: "block-mark", "text-anchor": "end" }, marks), ...texts);
    const hidden = neighbours(this.graph_, block).filter((near) => !this.visible_.has(near));
    if (hidden.length > 0) {
      const count = new Set(hidden).size;
      group.append(s("g", { class: "more", transform: `translate(${width / 2} ${height})`, role: "button", tabindex: 0, "aria-label": `Show ${plural(count, "hidden neighbour")} of block ${block}`,
        click: (event: Event) => { event.stopPropagation(); this.expand(block, hidden); },
        keydown: (event: KeyboardEvent) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.stopPropagation(); this.expand(block, hidden); } } },
        s("rect", { x: -15, y: -8, width: 30, height: 16, rx: 8 }), s("text", { y: 4, "text-anchor": "middle" }, `+${count}`)));
    }
    return group;
  }

  /** The block whose neighbours come stays where it is on the screen. */
  private expand(block: number, hidden: number[]): void {
    const before = this.places_.get(block)!;
    for (const near of hidden) this.visible_.add(near);
    this.draw();
    const after = this.places_.get(block)!;
    this.at_.x += after[0] - before[0];
    this.at_.y += after[1] - before[1];
    this.apply();
    this.focus(block);
  }

  private focus(block: number): void {
    this.svg_.querySelector<SVGElement>(`[data-block="${block}"]`)?.focus({ preventScroll: true });
  }
}
