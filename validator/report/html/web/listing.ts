// SPDX-License-Identifier: Apache-2.0
// The two texts beside the graphs: source lines and instructions, as tables.
import { Code, Line, Page } from "./data";
import { base_name, h, Child } from "./dom";

const keywords = new Set(("alignas alignof auto bool break case char class const constexpr continue default do else enum explicit extern false for friend goto if inline int long mutable namespace " +
  "noexcept nullptr operator private protected public register return short signed sizeof static static_cast reinterpret_cast struct switch template this true typedef typename union unsigned using void volatile while").split(" "));

export function source_text(text: string): Child[] {
  return (text.match(/\/\/.*|\/\*.*?\*\/|"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|\d[\w']*|\s+|./g) ?? []).map((token) => {
    if (token.startsWith("//") || token.startsWith("/*")) return h("span", { class: "t-comment" }, token);
    if (token.startsWith('"')) return h("span", { class: "t-string" }, token);
    if (/^\d/.test(token)) return h("span", { class: "t-number" }, token);
    return keywords.has(token) ? h("span", { class: "t-keyword" }, token) : token;
  });
}

export function code_text(text: string): Child[] {
  const [, mnemonic = text, rest = ""] = /^(\S+)(.*)$/.exec(text) ?? [];
  return [h("span", { class: "t-keyword" }, mnemonic), ...(rest.match(/#?-?0x[0-9a-f]+|#-?\d+|\b[wx]\d+\b|\b(?:sp|wzr|xzr)\b|[^#wxs]+|./g) ?? []).map((token) =>
    /^#|^-?0x/.test(token) ? h("span", { class: "t-number" }, token) : /^(?:[wx]\d+|sp|[wx]zr)$/.test(token) ? h("span", { class: "t-register" }, token) : token)];
}

export interface RowMarks {
  selected: Set<number>;
  partner: Set<number>;
  suspect: number;
  step: number;
  failing: Set<number>;
}

abstract class Pane {
  readonly element: HTMLElement;
  protected readonly rows_: HTMLElement[] = [];
  private readonly box_ = h("div", { class: "scroll", tabindex: 0 });

  constructor(title: string, table: HTMLElement, head: Child, label: string) {
    this.box_.setAttribute("aria-label", label);
    this.box_.append(table);
    this.element = h("section", { class: "pane listing", "aria-label": label }, h("header", {}, h("h2", {}, title), head), this.box_);
  }

  mark(marks: RowMarks): void {
    this.rows_.forEach((row, i) => {
      row.classList.toggle("selected", marks.selected.has(i));
      row.classList.toggle("partner", marks.partner.has(i));
      row.classList.toggle("suspect", marks.suspect === i);
      row.classList.toggle("failing", marks.failing.has(i));
      row.classList.toggle("step", marks.step === i);
    });
  }

  reveal(index: number): void {
    const row = this.rows_[index];
    if (row === undefined) return;
    const box = this.box_.getBoundingClientRect(), at = row.getBoundingClientRect();
    if (at.top < box.top + 30 || at.bottom > box.bottom - 30) this.box_.scrollTop += at.top - box.top - box.height / 3;
  }
}

export class SourcePane extends Pane {
  constructor(page: Page, select: (line: number) => void) {
    const lines = page.lines ?? [];
    const table = h("table", { class: "text" }, h("caption", { class: "sr-only" }, "Source lines"));
    let before: Line | undefined;
    const rows: HTMLElement[] = [];
    lines.forEach((line, i) => {
      const [file, number, text] = line;
      if (before === undefined || before[0] !== file) table.append(h("tr", { class: "file" }, h("th", { colspan: 2, scope: "colgroup", title: page.files?.[file] ?? "" }, base_name(page.files?.[file] ?? ""))));
      else if (number !== before[1] + 1) table.append(h("tr", { class: "gap", "aria-hidden": "true" }, h("td", { colspan: 2 }, "⋯")));
      const row = h("tr", { "data-line": i, click: () => { select(i); } }, h("th", { scope: "row" }, String(number)), h("td", {}, ...source_text(text)));
      table.append(row);
      rows.push(row);
      before = line;
    });
    super("Source", table, h("span", { class: "muted small" }, "lines by DWARF, for display only"), "Source");
    this.rows_.push(...rows);
  }
}

export class CodePane extends Pane {
  constructor(page: Page, display: (symbol: string) => string, select: (code: number) => void) {
    const code = page.code ?? [];
    const table = h("table", { class: "text" }, h("caption", { class: "sr-only" }, "Instructions"));
    const rows = code.map(([address, word, text, , symbol]: Code, i) => {
      if (symbol !== "") table.append(h("tr", { class: "file" }, h("th", { colspan: 3, scope: "colgroup", title: symbol }, display(symbol))));
      const row = h("tr", { "data-code": i, title: `${address}: ${word}`, click: () => { select(i); } }, h("th", { scope: "row" }, address.slice(-5)), h("td", { class: "word" }, word), h("td", {}, ...code_text(text)));
      table.append(row);
      return row;
    });
    super("Machine code", table, h("span", { class: "muted small" }, code.length > 0 ? `from 0x${code[0]![0]}` : ""), "Machine code");
    this.rows_.push(...rows);
  }
}
