// SPDX-License-Identifier: Apache-2.0
// Elements as expressions. Texts only ever become text nodes, so nothing in a source file can become markup.

export type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | undefined | ((event: never) => void)>;

function fill(element: Element, attributes: Attributes, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(child);
}

export function h<Name extends keyof HTMLElementTagNameMap>(name: Name, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  fill(element, attributes, children);
  return element;
}

export function s<Name extends keyof SVGElementTagNameMap>(name: Name, attributes: Attributes = {}, ...children: Child[]): SVGElementTagNameMap[Name] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  fill(element, attributes, children);
  return element;
}

export const thousands = (value: number): string => value.toLocaleString("en-US");

export function short_number(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(value >= 1e7 ? 0 : 1)} M`;
  if (value >= 1e3) return `${(value / 1e3).toFixed(value >= 1e4 ? 0 : 1)} k`;
  return String(value);
}

export const base_name = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The folder, with its slash, that all the absolute paths lie below: what it is called tells nothing about a function. */
export function common_folder(paths: string[]): string {
  const folders = paths.filter((path) => path.startsWith("/")).map((path) => path.slice(0, path.lastIndexOf("/") + 1));
  let shared = folders[0] ?? "";
  while (!folders.every((folder) => folder.startsWith(shared))) shared = shared.slice(0, shared.slice(0, -1).lastIndexOf("/") + 1);
  return shared;
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${thousands(count)} ${count === 1 ? one : many}`;
