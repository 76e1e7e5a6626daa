// SPDX-License-Identifier: Apache-2.0
// The address decides what is shown: nothing, or `#function/block` (with several images `#image:function/block`). Keys work everywhere but
// in text fields.
import { FunctionRow, load_overview, load_page, Overview, Side } from "./data";
import { h } from "./dom";
import { FunctionPage, Place } from "./function_page";
import { first_view, OverviewPage, visible_rows } from "./overview";
import { is_open, word } from "./verdicts";

const keys: [string, string][] = [
  ["/", "search"], ["n, p", "next, previous function that is not proved"], ["j, k", "next, previous function"], ["f, F", "next, previous block where something is wrong"], ["← →", "step through a counterexample"],
  ["a", "show all blocks"], ["u, Esc", "overview"], ["d", "dark or light"], ["?", "this list"],
];

/** An address that somebody typed may be no code of anything. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

class App {
  private readonly view_;
  private readonly content_ = h("div", { id: "content" });
  private readonly position_ = h("span", { class: "muted small", id: "position" });
  private readonly help_: HTMLDialogElement;
  private page_: FunctionPage | null = null;
  private row_: FunctionRow | null = null;
  private turn_ = 0;

  constructor(private readonly overview_: Overview) {
    this.view_ = first_view(overview_);
    const button = (text: string, label: string, id: string, act: () => void): HTMLElement => h("button", { class: "small-button", id, title: label, "aria-label": label, click: act }, text);
    this.help_ = h("dialog", { "aria-label": "Keys" }, h("h2", {}, "Keys"), h("dl", { class: "keys" }, ...keys.flatMap(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)])), h("form", { method: "dialog" }, h("button", { class: "small-button" }, "close")));
    const { complete, selection, reservations } = overview_;
    const partial = !complete ? "interrupted run: not a pass" : selection ? "a part only: not a pass" : reservations.length > 0 ? "not a whole validation: not a pass" : "";
    document.getElementById("app")!.append(h("a", { class: "skip", href: "#main", click: (event: Event) => { event.preventDefault(); document.getElementById("main")?.setAttribute("tabindex", "-1"); document.getElementById("main")?.focus(); } }, "To the content"),
      h("nav", { class: "top", "aria-label": "Report" }, h("a", { class: "brand", href: "#" }, h("span", { "aria-hidden": "true" }, "⇄ "), "Symbolon"), partial !== "" && h("strong", { class: "partial", id: "partial" }, partial), this.position_, h("span", { class: "grow" }),
        button("‹ failure", "Previous function that is not proved (p)", "previous", () => { this.go_failure(-1); }), button("failure ›", "Next function that is not proved (n)", "next", () => { this.go_failure(1); }),
        button("◐", "Dark or light (d)", "theme", () => { this.theme(); }), button("?", "Keys (?)", "help", () => { this.help_.showModal(); })),
      this.content_, this.help_);
    window.addEventListener("hashchange", () => { void this.route(); });
    document.addEventListener("keydown", (event) => { this.key(event); });
    void this.route();
  }

  link(row: FunctionRow, place?: Place): string {
    const image = this.overview_.images.length > 1 ? `${encodeURIComponent(row.image)}:` : "";
    return `#${image}${encodeURIComponent(row.symbol)}${place === undefined ? "" : `/${place.side === "source" ? "s" : "b"}${place.block}`}`;
  }

  private parse(hash: string): { row: FunctionRow; place: Place | null } | null {
    const match = /^#(.+?)(?:\/([sb])(\d+))?$/.exec(hash);
    if (match === null) return null;
    const [, name = "", letter, block] = match;
    const { images } = this.overview_;
    const image = images.find(({ id }) => name.startsWith(`${encodeURIComponent(id)}:`) && !name.startsWith(`${encodeURIComponent(id)}::`));
    const symbol = decoded(image === undefined ? name : name.slice(name.indexOf(":") + 1));
    const rows = (image === undefined ? images : [image]).flatMap(({ functions }) => functions).filter((candidate) => candidate.page >= 0);
    const row = rows.find((candidate) => candidate.symbol === symbol) ?? rows.find((candidate) => candidate.display === symbol);
    if (row === undefined) return null;
    const side: Side = letter === "s" ? "source" : "binary";
    return { row, place: block === undefined ? null : { side, block: Number(block) } };
  }

  private async route(): Promise<void> {
    this.content_.setAttribute("aria-busy", "true");
    const address = location.hash;
    await this.show(this.parse(address));
    if (address !== location.hash) return;
    this.content_.removeAttribute("aria-busy");
    this.content_.dataset.shows = address;
  }

  private async show(wanted: { row: FunctionRow; place: Place | null } | null): Promise<void> {
    const turn = ++this.turn_;
    if (wanted === null) {
      this.page_ = null;
      this.row_ = null;
      document.title = `${this.overview_.passed ? "Passed" : "Not passed"} · Symbolon report`;
      this.position_.textContent = location.hash.length > 1 ? `${decoded(location.hash.slice(1))} is not in this report` : "";
      this.content_.replaceChildren(new OverviewPage(this.overview_, this.view_, (row) => this.link(row)).element);
      return;
    }
    if (this.row_ === wanted.row && this.page_ !== null) {
      if (wanted.place !== null) this.page_.select(wanted.place.side, wanted.place.block, false);
      return;
    }
    const page = await load_page(wanted.row);
    if (turn !== this.turn_) return;
    this.row_ = wanted.row;
    document.title = `${wanted.row.display}: ${word(wanted.row.verdict)}${this.overview_.reservations.length > 0 ? " · partial, not a pass" : ""}`;
    const failures = this.failures();
    const index = failures.indexOf(wanted.row);
    this.position_.textContent = index >= 0 ? `failure ${index + 1} of ${failures.length}` : "";
    this.page_ = new FunctionPage(wanted.row, page, this.overview_, wanted.place, (row) => this.link(row), (place) => { this.keep_address(this.link(wanted.row, place)); });
    this.content_.replaceChildren(this.page_.element);
    this.page_.shown();
    window.scrollTo(0, 0);
  }

  /** Choosing a block is no step that the browser's "back" should take back. */
  private keep_address(address: string): void {
    history.replaceState(null, "", address);
    this.content_.dataset.shows = location.hash;
  }

  private failures(): FunctionRow[] {
    return visible_rows(this.overview_, { ...this.view_, search: "", image: "" }).filter((row) => is_open(row.verdict) && row.page >= 0);
  }

  private go(rows: FunctionRow[], by: number): void {
    if (rows.length === 0) return;
    const at = this.row_ === null ? -1 : rows.indexOf(this.row_);
    const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : (at + by + rows.length) % rows.length;
    location.hash = this.link(rows[next]!);
  }
  private go_failure(by: number): void {
    this.go(this.failures(), by);
  }

  private theme(): void {
    const dark = document.documentElement.dataset.theme === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : document.documentElement.dataset.theme === "dark";
    document.documentElement.dataset.theme = dark ? "light" : "dark";
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || this.help_.open) return;
    if (target instanceof HTMLInputElement && target.type !== "range") {
      if (event.key === "Escape") target.blur();
      return;
    }
    if (target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && event.key.startsWith("Arrow"))) return;
    const acts: Record<string, () => void> = {
      "/": () => { if (this.row_ !== null) location.hash = ""; setTimeout(() => document.getElementById("search")?.focus(), 0); },
      n: () => { this.go_failure(1); },
      p: () => { this.go_failure(-1); },
      f: () => { this.page_?.next_failing(1); },
      F: () => { this.page_?.next_failing(-1); },
      j: () => { this.go(visible_rows(this.overview_, this.view_).filter((row) => row.page >= 0), 1); },
      k: () => { this.go(visible_rows(this.overview_, this.view_).filter((row) => row.page >= 0), -1); },
      ArrowRight: () => { this.page_?.step(1); },
      ArrowLeft: () => { this.page_?.step(-1); },
      a: () => { this.page_?.show_all(); },
      u: () => { location.hash = ""; },
      Escape: () => { location.hash = ""; },
      d: () => { this.theme(); },
      "?": () => { this.help_.showModal(); },
    };
    const act = acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }
}

void load_overview().then((overview) => new App(overview));
