// SPDX-License-Identifier: Apache-2.0
// A part of a graph, drawn small: what is hidden takes no room, and what is shown keeps the order and the sides that Graphviz gave
// it, so that expanding never turns the picture around.
import { Graph } from "./data";

export type Place = [number, number, number, number];
const gap_x = 26;
const gap_y = 44;
const few_blocks = 14;

export function neighbours(graph: Graph, block: number): number[] {
  const list: number[] = [];
  for (const [from, to] of graph.edges) {
    if (from === block) list.push(to);
    if (to === block) list.push(from);
  }
  return list;
}

/** Everything, when that is little; else what is at most `steps` away. */
export function around(graph: Graph, centre: number, steps: number): Set<number> {
  if (graph.blocks.length <= few_blocks) return new Set(graph.blocks.keys());
  const seen = new Set<number>([centre]);
  let edge = [centre];
  for (let step = 0; step < steps; ++step) {
    const next: number[] = [];
    for (const block of edge) for (const near of neighbours(graph, block)) if (!seen.has(near)) { seen.add(near); next.push(near); }
    edge = next;
  }
  return seen;
}

function without_gaps(spans: [number, number][], gap: number): (at: number) => number {
  spans.sort((a, b) => a[0] - b[0]);
  const shifts: [number, number][] = []; // from here on, move back by so much
  let end = spans.length > 0 ? spans[0]![0] : 0;
  let shift = end;
  for (const [from, to] of spans) {
    if (from > end + gap) shift += from - end - gap;
    shifts.push([from, shift]);
    end = Math.max(end, to);
  }
  return (at) => {
    let by = shifts.length > 0 ? shifts[0]![1] : 0;
    for (const [from, amount] of shifts) if (from <= at) by = amount;
    return at - by;
  };
}

export function compact(graph: Graph, visible: Set<number>): { places: Map<number, Place>; width: number; height: number } {
  const places = new Map<number, Place>();
  if (visible.size === graph.blocks.length) {
    graph.blocks.forEach((block, i) => places.set(i, [...block.box]));
    return { places, width: graph.size[0], height: graph.size[1] };
  }
  const shown = [...visible].map((i) => ({ i, box: graph.blocks[i]!.box }));
  const move_x = without_gaps(shown.map(({ box }): [number, number] => [box[0], box[0] + box[2]]), gap_x);
  const ranks = [...new Set(shown.map(({ box }) => Math.round((box[1] + box[3] / 2) / 4)))].sort((a, b) => a - b);
  let y = 0;
  let width = 0;
  for (const rank of ranks) {
    const row = shown.filter(({ box }) => Math.round((box[1] + box[3] / 2) / 4) === rank);
    const tallest = Math.max(...row.map(({ box }) => box[3]));
    for (const { i, box } of row) {
      const x = move_x(box[0]);
      places.set(i, [x, y + (tallest - box[3]) / 2, box[2], box[3]]);
      width = Math.max(width, x + box[2]);
    }
    y += tallest + gap_y;
  }
  return { places, width, height: Math.max(0, y - gap_y) };
}

/** A curve between two blocks that have been moved. */
export function curve(from: Place, to: Place, label: number): string {
  const lean = label === 0 ? -12 : label === 1 ? 12 : 0;
  const x1 = from[0] + from[2] / 2 + lean, y1 = from[1] + from[3];
  const x2 = to[0] + to[2] / 2, y2 = to[1];
  if (y2 >= y1) {
    const middle = Math.max(14, (y2 - y1) / 2);
    return `M${x1} ${y1}C${x1} ${y1 + middle} ${x2} ${y2 - middle} ${x2} ${y2}`;
  }
  // Back: around the right side of both.
  const side = Math.max(from[0] + from[2], to[0] + to[2]) + 22;
  const ya = from[1] + from[3] / 2, yb = to[1] + to[3] / 2;
  return `M${from[0] + from[2]} ${ya}C${side} ${ya} ${side} ${yb} ${to[0] + to[2]} ${yb}`;
}
