import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../../src-renderer/features/benchmarks/charts/graph';
import { csvOf, fileName, jsonOf } from '../../../../src-renderer/features/benchmarks/charts/graph-files';
import { spokenAt, summaryOf, tableOf } from '../../../../src-renderer/features/benchmarks/charts/graph-text';
import { placeOn, xRange } from '../../../../src-renderer/features/benchmarks/charts/plot-config';
import { english, korean } from './words';

const line = { look: { tone: 'main', dash: 'solid', mark: 'circle' } } as const;
const graph: Graph = {
  title: '1.5 Gb/s over half A: bad',
  x: { kind: 'size', title: 'Message size' },
  y: { title: 'Bandwidth', unit: 'Gb/s' },
  lanes: [{ title: '' }],
  lines: [
    {
      ...line,
      id: 'a',
      label: '=HYPERLINK("x"),1',
      points: [
        { x: 1024, y: 0.5 },
        { x: 4096, y: 1.5 },
      ],
    },
    { ...line, id: 'b', label: 'other', points: [{ x: 2048, y: 1.25 }] },
  ],
  band: { from: 92, to: null, label: 'Healthy: 92 Gb/s and more' },
};

describe('files of a graph', () => {
  it('CSV has every place once, gaps for what a line has not, and no formula', () => {
    expect(csvOf(graph, english)).toBe(
      'Message size (B),"\'=HYPERLINK(""x""),1 (Gb/s)",other (Gb/s)\r\n1024,0.5,\r\n2048,,1.25\r\n4096,1.5,\r\n',
    );
  });

  it('CSV keeps the point of numbers in every language', () => {
    expect(csvOf(graph, korean)).toContain('\r\n4096,1.5,\r\n');
  });

  it('names categories, quoted where that is needed', () => {
    const x = { kind: 'category', title: 'M', labels: ['Nov 1, 2026'] } as const;
    const lines = [{ ...line, id: 'a', label: 'a', points: [{ x: 0, y: 1 }] }];
    expect(csvOf({ ...graph, x, lines }, english)).toBe('M,a (Gb/s)\r\n"Nov 1, 2026",1\r\n');
  });

  it('JSON has units, band and points', () => {
    expect(JSON.parse(jsonOf(graph))).toMatchObject({
      x: { kind: 'size' },
      y: { unit: 'Gb/s' },
      healthy: { from: 92, to: null },
      lines: [
        {
          points: [
            [1024, 0.5],
            [4096, 1.5],
          ],
        },
        { label: 'other' },
      ],
    });
  });

  it.each([
    [['../../etc', 'a b'], 'twinspark-etc-a-b.csv'],
    [['..', '/'], 'twinspark.csv'],
    [['측정', '노드 1'], 'twinspark-측정-노드-1.csv'],
    [['con\u0000\n:*?"<>|'], 'twinspark-con.csv'],
    [['x'.repeat(300)], `twinspark-${'x'.repeat(70)}.csv`],
  ])('names a file of %j %s', (parts, name) => expect(fileName(parts, 'csv')).toBe(name));
});

describe('a graph in words', () => {
  it('says title, axes, band and the course of each line', () => {
    const said = summaryOf(graph, english);
    expect(said).toContain('1.5 Gb/s over half A: bad. Bandwidth / Message size. Healthy: 92 Gb/s and more.');
    expect(said).toContain('0.5 Gb/s at 1 KiB, 1.5 Gb/s at 4 KiB, highest 1.5 Gb/s at 4 KiB.');
    expect(said).toContain('other: 1.25 Gb/s at 2 KiB.');
  });

  it('says that there is nothing yet', () => {
    expect(summaryOf({ ...graph, lines: [], band: null }, english)).toMatch(/No figures yet\.$/);
  });

  it('reads one place', () => {
    expect(spokenAt(graph, 2048, english)).toBe('2 KiB. other: 1.25 Gb/s');
  });

  it('has a row for each place and a cell for each line', () => {
    const { head, rows } = tableOf(graph, english);
    expect(head).toHaveLength(3);
    expect(rows.map(({ name, cells }) => [name, ...cells])).toEqual([
      ['1 KiB', '0.5', ''],
      ['2 KiB', '', '1.25'],
      ['4 KiB', '1.5', ''],
    ]);
  });
});

describe('the x axis', () => {
  it('puts sizes by powers of two', () => {
    expect(placeOn(graph.x, 4096)).toBe(12);
    expect(xRange(graph)).toEqual({ min: 10, max: 12 });
    expect(xRange({ ...graph, lines: graph.lines.slice(1) })).toEqual({ min: 10, max: 12 });
  });

  it('leaves room beside categories, and has a range without points', () => {
    expect(xRange({ ...graph, x: { kind: 'category', title: '', labels: ['a', 'b'] } })).toEqual({
      min: -0.5,
      max: 1.5,
    });
    expect(xRange({ ...graph, x: { kind: 'number', title: '' }, lines: [] })).toEqual({ min: 0, max: 1 });
  });
});
