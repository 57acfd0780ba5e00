import type { Sayer } from './figures';
import { placesOf, type Graph } from './graph';
import { lineName } from './graph-text';

/** For other programs: a header, one row for each place of the x axis, plain numbers. RFC 4180. */
export function csvOf(graph: Graph, words: Sayer): string {
  const columns = graph.lines.map(({ points }) => new Map(points.map(({ x, y }) => [x, y])));
  const unit = graph.x.kind === 'size' ? 'B' : graph.x.kind === 'seconds' ? 's' : '';
  const head = [
    unit === ''
      ? graph.x.title
      : words.say('bench.chart.axis.with-unit', { title: bare(graph.x.title), unit }),
    ...graph.lines.map((line) =>
      words.say('bench.chart.axis.with-unit', { title: lineName(graph, line), unit: graph.y.unit }),
    ),
  ];
  const rows = placesOf(graph).map((x) => [
    graph.x.kind === 'category' ? field(graph.x.labels?.[x] ?? '') : String(x),
    ...columns.map((column) => String(column.get(x) ?? '')),
  ]);
  return [head.map(field), ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/** A title without the unit that stands in it already. */
function bare(title: string): string {
  return title.replace(/\s*\([^)]*\)$/, '');
}

/** Quoted where needed. What a spreadsheet would take for a formula is made a text: labels may come from a node. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The graph as data: what is drawn, with its units. */
export function jsonOf({ title, x, y, lanes, lines, band }: Graph): string {
  const data = {
    title,
    x: { title: x.title, kind: x.kind, ...(x.kind === 'category' ? { labels: x.labels ?? [] } : {}) },
    y: { title: y.title, unit: y.unit },
    healthy: band === null ? null : { from: band.from, to: band.to },
    lines: lines.map(({ label, lane = 0, points }) => ({
      label,
      ...(lanes.length > 1 ? { lane: lanes[lane]?.title ?? '' } : {}),
      points: points.map((point) => [point.x, point.y]),
    })),
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}

/**
 * A name that every file system takes: it begins with the app's own, so that it is never one that a system keeps for itself.
 * @param parts what it is made of; they may come from a node
 */
export function fileName(parts: readonly string[], ending: string): string {
  const name = ['twinspark', ...parts]
    .join('-')
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/[.-]*-[.-]*/g, '-')
    .slice(0, 80)
    .replace(/[.-]+$/, '');
  return `${name}.${ending}`;
}
