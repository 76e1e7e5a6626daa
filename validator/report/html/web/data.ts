// SPDX-License-Identifier: Apache-2.0
// What the C++ side wrote (document.cpp, page*.cpp, trace_events.cpp), and how it is unpacked.

export type Verdict = "proved" | "refuted" | "unknown" | "unsupported" | "error" | "not_run" | "assumed" | "inlined";
export type Side = "source" | "binary";
export const other = (side: Side): Side => (side === "source" ? "binary" : "source");

export interface Brief {
  source: string;
  binary: string;
  callees: string[];
  cuts: number;
  meetings: number;
}

export interface FunctionRow {
  symbol: string;
  display: string;
  file: string;
  line: number;
  address: string;
  size: number;
  verdict: Verdict;
  reason: string;
  text: string;
  units: number;
  queries: number;
  obligations: number;
  syntactic: number;
  assumptions: number;
  seconds: number;
  cached: boolean;
  baselined: boolean;
  page: number;
  brief?: Brief;
  image: string; // set by load()
}

export interface ImageRow {
  id: string;
  elf: string;
  sha256: string;
  compiler: string;
  level: string;
  seconds: number;
  bytes: Record<string, number>;
  total_bytes: number;
  notes: string[];
  errors: string[];
  data: [string, string, number, string][];
  objects: number;
  functions: FunctionRow[];
}

export interface Overview {
  tool: string[];
  complete: boolean;
  selection: boolean;
  exit: number;
  passed: boolean;
  reservations: string[];
  seconds: number;
  jobs: number;
  reasons: Record<string, [string, string]>;
  ledger: Record<string, [string, string]>;
  images: ImageRow[];
}

export interface Block {
  rows: number[];
  ops: string[];
  box: [number, number, number, number];
  loop?: boolean;
}
export type Edge = [number, number, number, number, string]; // from, to, label, back, path
export interface Graph {
  blocks: Block[];
  edges: Edge[];
  size: [number, number];
}

export type Line = [number, number, string]; // file, number, text
export type Code = [string, string, string, number, string]; // address, word, text, line, symbol

export interface Cut {
  source: number;
  binary: number;
  memory: boolean;
  events: boolean;
  relations: [string, string][];
  invariants: string[];
  source_changes: string[];
  source_places: string[];
  binary_changes: string[];
  binary_places: string[];
}
export interface Meeting {
  binary: number;
  path: number;
  memory: number;
  values: [string, string, number][];
}
export type Status = "terms" | "solver" | "open" | "not decided" | "not tried";
export type Obligation = [string, string, string, number, number, Status]; // kind, meaning, place, block, how many, status
export interface Proof {
  found: boolean;
  shapes: { half: Side; block: number; text: string }[];
  cuts: Cut[];
  meetings: Meeting[];
  placements: [string, number][];
  obligations: Obligation[];
  problem?: string;
}

export interface TraceRow {
  block: number;
  row: number;
  sets: [string, string | null][];
  memory: [number, string, number, string][]; // writes, address, bytes, value
  event: number;
  branch: number;
}
export interface TraceEvent {
  number: number;
  differs: boolean;
  end?: boolean;
  source: { what: string; node: number } | null;
  binary: { what: string; node: number } | null;
  values: [string, string, string, string, boolean][]; // name, source, place, binary, differs
}
export interface Trace {
  kind: string;
  text: string;
  event: number;
  expected: string;
  actual: string;
  entry: {
    parameters: [string, string, string, string][];
    locals: [string, string, string][];
    memory: [string, number, string][];
    sp: string;
  };
  events: TraceEvent[];
  cause: { binary: number[]; source: number[]; suspect: number; decided_by: number; why: string; source_block: number; binary_block: number };
  source: TraceRow[];
  binary: TraceRow[];
  source_skipped: number;
  binary_skipped: number;
  skipped_from: number;
  emulator: { status: string; instructions: number; calls: number; stubbed: string[] };
}

export interface Page {
  details: string[];
  assumptions: [string, string][];
  contract: string;
  inlined: string[];
  covers: [string, string, number][];
  note: string;
  files?: string[];
  lines?: Line[];
  code?: Code[];
  source?: Graph | null;
  binary?: Graph | null;
  source_error?: string;
  binary_error?: string;
  error_line?: number;
  pairs?: [number, number, string][];
  proof?: Proof;
  trace?: Trace;
}

// TypeScript 4.8 does not know it yet; every browser since 2023 does.
declare const DecompressionStream: new (format: "deflate") => TransformStream<Uint8Array, Uint8Array>;

async function unpack(id: string): Promise<unknown> {
  const text = document.getElementById(id)?.textContent ?? "";
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

export async function load_overview(): Promise<Overview> {
  const overview = (await unpack("overview")) as Overview;
  for (const image of overview.images) for (const row of image.functions) row.image = image.id;
  return overview;
}

const pages = new Map<number, Page>();

export async function load_page(row: FunctionRow): Promise<Page> {
  let page = pages.get(row.page);
  if (page === undefined) {
    page = (await unpack(`page-${row.page}`)) as Page;
    pages.set(row.page, page);
  }
  return page;
}
