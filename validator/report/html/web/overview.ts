// SPDX-License-Identifier: Apache-2.0
// The first screen: is it a pass, and if not, what to open. Counts and bytes by verdict, then every function.
import { FunctionRow, Overview, Verdict } from "./data";
import { base_name, common_folder, h, plural, short_number, thousands } from "./dom";
import { badge, is_open, meaning, sign, verdicts, word } from "./verdicts";
import { chain } from "./chain";

export type SortKey = "verdict" | "name" | "size" | "units" | "seconds";

export interface View {
  shown: Set<Verdict>;
  image: string;
  search: string;
  sort: SortKey;
  down: boolean;
}

/** Nothing hides a failure by default; functions without code of their own only lengthen the list. */
export function first_view(overview: Overview): View {
  const shown = new Set<Verdict>(verdicts);
  shown.delete("inlined");
  return { shown, image: overview.images.length === 1 ? overview.images[0]!.id : "", search: "", sort: "verdict", down: false };
}

const all_rows = (overview: Overview): FunctionRow[] => overview.images.flatMap((image) => image.functions);

export function visible_rows(overview: Overview, view: View): FunctionRow[] {
  const words = view.search.toLowerCase().split(/\s+/).filter((part) => part !== "");
  const folder = common_folder(all_rows(overview).map((row) => row.file));
  const rows = all_rows(overview).filter((row) => {
    if (!view.shown.has(row.verdict) || (view.image !== "" && row.image !== view.image)) return false;
    const text = `${row.display} ${row.symbol} ${row.file} ${row.address} ${row.reason} ${row.text}`.replaceAll(folder, "").toLowerCase();
    return words.every((part) => text.includes(part));
  });
  const by: Record<SortKey, (a: FunctionRow, b: FunctionRow) => number> = {
    verdict: (a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) || a.display.localeCompare(b.display),
    name: (a, b) => a.display.localeCompare(b.display),
    size: (a, b) => b.size - a.size,
    units: (a, b) => b.units - a.units,
    seconds: (a, b) => b.seconds - a.seconds,
  };
  rows.sort((a, b) => (view.down ? -1 : 1) * by[view.sort](a, b));
  return rows;
}

function headline(overview: Overview): HTMLElement {
  const rows = all_rows(overview);
  const count = (verdict: Verdict): number => rows.filter((row) => row.verdict === verdict).length;
  const open = rows.filter((row) => is_open(row.verdict) && !row.baselined).length;
  const refuted = count("refuted"), errors = count("error");
  const partial = !overview.complete || overview.selection;
  let text: string;
  let kind: string;
  if (refuted > 0) [text, kind] = [`${plural(refuted, "function does", "functions do")} not do what the source says`, "refuted"];
  else if (errors > 0 || overview.exit === 4) [text, kind] = ["Something could not be read or done", "error"];
  else if (open > 0) [text, kind] = [`${plural(open, "function is", "functions are")} not proved`, "unknown"];
  else if (overview.passed) [text, kind] = ["Every function is accounted for", "proved"];
  else [text, kind] = ["Not a complete validation", "unknown"];
  return h(
    "section", { class: `hero ${kind}`, "aria-label": "Result" },
    h("div", { class: "hero-text" },
      h("h1", {}, text),
      h("p", { class: "muted" },
        `${plural(count("proved"), "function")} proved of ${thousands(rows.length - count("inlined"))} with code`,
        partial ? h("strong", { class: "partial" }, overview.complete ? "a part only" : "interrupted run") : null,
        h("span", {}, ` · exit code ${overview.exit}`))),
    overview.reservations.length > 0 &&
      h("ul", { class: "reservations", role: "alert" }, h("li", { class: "lead" }, "This report is not a pass:"), ...overview.reservations.map((line) => h("li", {}, line))));
}

function bar(title: string, parts: [string, string, number][], total: number, unit: string): HTMLElement {
  const shown = parts.filter(([, , value]) => value > 0);
  return h("figure", { class: "bar" },
    h("figcaption", {}, title, h("span", { class: "muted" }, ` ${thousands(total)} ${unit}`)),
    h("div", { class: "track", role: "img", "aria-label": shown.map(([, name, value]) => `${name} ${value}`).join(", ") },
      ...shown.map(([kind, name, value]) => h("span", { class: `part ${kind}`, style: `flex-grow:${value}`, title: `${name}: ${thousands(value)} ${unit}` }))));
}

function bars(overview: Overview): HTMLElement {
  const rows = all_rows(overview).filter((row) => row.verdict !== "inlined");
  const counts = verdicts.map((verdict): [string, string, number] => [verdict, word(verdict), rows.filter((row) => row.verdict === verdict).length]);
  const bytes = new Map<string, number>();
  for (const image of overview.images) for (const [kind, value] of Object.entries(image.bytes)) bytes.set(kind, (bytes.get(kind) ?? 0) + value);
  const rest = ["literal", "padding", "veneer", "unaccounted"];
  const order = [...verdicts, ...rest];
  const total = overview.images.reduce((sum, image) => sum + image.total_bytes, 0);
  return h("div", { class: "bars" },
    bar("Functions", counts, rows.length, "with code"),
    bar("Code bytes", order.map((kind): [string, string, number] => [kind, kind.replace("_", " "), bytes.get(kind) ?? 0]), total, "bytes"),
    h("table", { class: "sr-only" }, h("caption", {}, "Bytes of code by what became of them"),
      ...order.map((kind) => h("tr", {}, h("th", { scope: "row" }, kind), h("td", {}, thousands(bytes.get(kind) ?? 0))))));
}

function facts(overview: Overview): HTMLElement {
  return h("details", { class: "facts" },
    h("summary", {}, "Images, tool and notes"),
    h("p", { class: "muted" }, overview.tool.join(" · "), ` · ${overview.jobs} jobs · ${overview.seconds.toFixed(1)} s`),
    ...overview.images.map((image) => h("div", { class: "image-facts" },
      h("h3", {}, image.id),
      h("p", {}, h("code", {}, image.elf), h("br"), h("span", { class: "muted" }, `sha256 ${image.sha256}`), h("br"), `${image.compiler} ${image.level}`, ` · ${plural(image.objects, "object")} compared`),
      h("ul", {}, ...image.notes.map((note) => h("li", {}, note)), ...image.data.map(([symbol, file, line, text]) => h("li", {}, `data differs: ${symbol} (${base_name(file)}:${line}): ${text}`))))));
}

export class OverviewPage {
  readonly element: HTMLElement;
  private readonly table_ = h("div", { class: "table-box" });
  private readonly filters_ = h("div", { class: "filters", role: "group", "aria-label": "Filter by verdict" });
  private readonly status_ = h("p", { class: "muted count", role: "status" });

  constructor(private readonly overview_: Overview, private readonly view_: View, private readonly link_: (row: FunctionRow) => string) {
    const search = h("input", { type: "search", id: "search", placeholder: "Search name, file, address, reason   /", "aria-label": "Search functions", value: view_.search });
    search.addEventListener("input", () => { view_.search = search.value; this.draw(); });
    const images = overview_.images.length > 1 && h("select", { "aria-label": "Image", change: (event: Event) => { view_.image = (event.target as HTMLSelectElement).value; this.draw(); } },
      h("option", { value: "" }, "all images"), ...overview_.images.map((image) => h("option", { value: image.id, selected: image.id === view_.image }, image.id)));
    this.element = h("main", { class: "overview", id: "main" }, headline(overview_), bars(overview_), facts(overview_),
      h("div", { class: "controls" }, search, images, this.filters_), this.status_, this.table_);
    this.draw();
  }

  private draw(): void {
    const rows = all_rows(this.overview_).filter((row) => this.view_.image === "" || row.image === this.view_.image);
    this.filters_.replaceChildren(...verdicts.map((verdict) => {
      const count = rows.filter((row) => row.verdict === verdict).length;
      return count > 0 && h("button", { class: `chip ${verdict}`, "aria-pressed": String(this.view_.shown.has(verdict)), title: meaning(verdict), "data-verdict": verdict,
        click: () => { this.toggle(verdict); } }, h("span", { class: "sign", "aria-hidden": "true" }, sign(verdict)), ` ${word(verdict)} `, h("b", {}, thousands(count)));
    }).filter((node): node is HTMLButtonElement => node !== false));
    const visible = visible_rows(this.overview_, this.view_);
    this.status_.textContent = `${plural(visible.length, "function")} shown`;
    this.table_.replaceChildren(this.table(visible));
  }

  private toggle(verdict: Verdict): void {
    if (!this.view_.shown.delete(verdict)) this.view_.shown.add(verdict);
    this.draw();
    this.filters_.querySelector<HTMLElement>(`[data-verdict=${verdict}]`)?.focus();
  }

  private head(key: SortKey, text: string, numeric = false): HTMLElement {
    const active = this.view_.sort === key;
    return h("th", { scope: "col", class: numeric ? "number" : "", "aria-sort": active ? (this.view_.down ? "descending" : "ascending") : undefined },
      h("button", { class: "sort", "data-sort": key, click: () => {
        this.view_.down = this.view_.sort === key && !this.view_.down;
        this.view_.sort = key;
        this.draw();
        this.table_.querySelector<HTMLElement>(`[data-sort=${key}]`)?.focus();
      } }, text, h("span", { class: "arrow", "aria-hidden": "true" }, active ? (this.view_.down ? " ▲" : " ▼") : "")));
  }

  private table(rows: FunctionRow[]): HTMLElement {
    const many = this.overview_.images.length > 1;
    const most = Math.max(1, ...rows.map((row) => row.units));
    return h("table", { class: "functions" },
      h("caption", { class: "sr-only" }, "Functions"),
      h("thead", {}, h("tr", {}, this.head("verdict", "Verdict"), this.head("name", "Function"), h("th", { scope: "col" }, "Why"), h("th", { scope: "col" }, "Proof chain"),
        this.head("size", "Bytes", true), this.head("units", "Effort", true), this.head("seconds", "Time", true))),
      h("tbody", {}, ...rows.map((row) => h("tr", { class: row.verdict, "data-symbol": row.symbol },
        h("td", {}, badge(row.verdict), row.baselined && h("span", { class: "tag", title: "the baseline allows this verdict" }, "baseline")),
        h("td", { class: "name" }, row.page >= 0 ? h("a", { href: this.link_(row) }, row.display) : h("span", {}, row.display),
          h("div", { class: "muted small" }, many ? `${row.image} · ` : "", row.file === "" ? "" : `${base_name(row.file)}${row.line > 0 ? `:${row.line}` : ""}`)),
        h("td", { class: "why" }, row.reason !== "" && h("code", { title: this.overview_.reasons[`${row.verdict}/${row.reason}`]?.[0] ?? "" }, row.reason), row.text !== "" && h("div", { class: "small" }, row.text)),
        h("td", {}, chain(row, this.overview_)),
        h("td", { class: "number" }, row.size > 0 ? thousands(row.size) : ""),
        h("td", { class: "number", title: `${thousands(row.units)} solver units` },
          row.units > 0 ? short_number(row.units) : "", h("div", { class: "meter", "aria-hidden": "true" }, h("span", { style: `width:${(100 * row.units) / most}%` }))),
        h("td", { class: "number muted" }, row.cached ? "cached" : row.seconds > 0 ? `${row.seconds.toFixed(2)} s` : "")))));
  }
}
