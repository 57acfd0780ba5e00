import { describe, expect, it } from 'vitest';
import type { BenchResult, BenchTool } from '../../../../src-main/contract/benchmark';
import { benchParsers } from '../../../../src-main/core/benchmark/parse/tools';
import type { Parsed } from '../../../../src-main/core/probe/parsed';
import { mutated, random } from '../probe/damage';
import { names, output, parserOf, read, readable, toolOf } from './benchmarks';

const NOISE = [
  'Conflicting CPU frequency values detected: 1500.000000 != 1663.676000. CPU Frequency is not max.',
  'bash: warning: setlocale: LC_ALL: cannot change locale (ko_KR.UTF-8)',
  'Warning: Permanently added 192.168.100.11 to the list of known hosts.',
  '  warnings.warn(',
];

/** Figures only: what damage may not change. */
function figures({ series, summary }: BenchResult) {
  return { series, summary };
}

/** Every figure of `part` is one of `whole`: cutting loses figures and makes none. */
function isPartOf(part: BenchResult, whole: BenchResult, context: string): void {
  for (const one of part.series) {
    const full = whole.series.filter(
      ({ id, stream }) => id === one.id || stream === one.stream || id === 'main',
    );
    const points = new Set(full.flatMap(({ points: all }) => all.map((point) => JSON.stringify(point))));
    for (const point of one.points) {
      const found = points.has(JSON.stringify(point)) || [...points].some((other) => contains(other, point));
      if (!found) throw new Error(`${context}: ${JSON.stringify(point)} is not in the whole`);
    }
  }
  for (const [key, value] of Object.entries(part.summary)) {
    expect(whole.summary[key as keyof typeof whole.summary], `${context}: ${key}`).toEqual(value);
  }
}

/** A point may lack what stood behind the cut. */
function contains(whole: string, part: object): boolean {
  const full = JSON.parse(whole) as Record<string, unknown>;
  return Object.entries(part).every(([key, value]) => JSON.stringify(full[key]) === JSON.stringify(value));
}

describe.each(readable)('%s', (name) => {
  const text = output(name);
  const whole = read(name);
  const parse = (changed: string): BenchResult => {
    const parsed = parserOf(toolOf(name)).parse(changed);
    if (!parsed.known) throw new Error(parsed.detail);
    return parsed.value;
  };

  it('cut at every seventh byte, gives no figure that the whole does not have', () => {
    for (let at = 0; at < text.length; at += 7) {
      const parsed = parserOf(toolOf(name)).parse(text.slice(0, at));
      if (parsed.known) isPartOf(parsed.value, whole, `cut at ${at}`);
    }
  });

  it('line by line says the same as at once, and every point once', () => {
    const reader = parserOf(toolOf(name)).reader();
    const lines = text.split('\n');
    const rest = lines.pop();
    const live = lines.flatMap((line) => reader.line(line));
    const ended = reader.end(rest);
    expect(ended).toEqual({ known: true, value: whole });
    const points = whole.series.reduce((sum, one) => sum + one.points.length, 0);
    // A JSON document is read when it has ended.
    if (!name.endsWith('.json')) expect(live).toHaveLength(points);
  });

  it.each([
    ['CRLF', (one: string) => one.replaceAll('\n', '\r\n')],
    ['colours', (one: string) => one.replace(/^(.*\S)$/gm, '\u001b[01;31m\u001b[K$1\u001b[m\u001b[K')],
    ['a byte order mark', (one: string) => `\ufeff${one}`],
    ['NULs', (one: string) => one.replace(/\n/g, '\n\0\0')],
    ['a window title', (one: string) => one.replace(/\n/g, '\n\u001b]0;spark\u0007')],
    ['trailing blanks', (one: string) => one.replace(/\n/g, ' \t \n')],
    [
      'stderr in between',
      (one: string) =>
        one
          .split('\n')
          .map((line, at) => `${line}\n${NOISE[at % 4] ?? ''}`)
          .join('\n'),
    ],
  ])('with %s says the same', (_how, change) => {
    expect(figures(parse(change(text)))).toEqual(figures(whole));
  });

  it.each([
    '[1,0]<stdout>:',
    '[1,1]<stdout>: ',
    '[prterun-spark-1-4242@1,0]<stdout>: ',
    '[2026-07-28T10:17:33.487Z] ',
  ])('behind “%s” says the same', (prefix) => {
    const tagged = text.replace(/^(?=.)/gm, prefix);
    expect(figures(parse(tagged))).toEqual(figures(whole));
  });
});

describe('decimal commas', () => {
  it.each(
    readable.filter(
      (name) => !/csv|deepops|connect|quiet|unreachable|refused|server|import|init|info/.test(name),
    ),
  )('in %s say the same', (name) => {
    // Numbers of rows only: addresses and versions have points in any locale.
    const comma = output(name).replace(
      /^(?!.*(?:version|Pid|INFO|WARN|local |Connecting|Accepted|PING|---|#bytes)).*$/gm,
      (line) => line.replace(/(?<![\d.])(\d+)\.(\d+)(?![\d.])/g, '$1,$2'),
    );
    expect(comma).not.toBe(output(name));
    const parsed = parserOf(toolOf(name)).parse(comma);
    if (!parsed.known) throw new Error(parsed.detail);
    expect(figures(parsed.value)).toEqual(figures(read(name)));
  });
});

/** Nothing in a result could do harm on a screen, and no figure is absurd. */
function check(parsed: Parsed<BenchResult>, context: string): void {
  const strings = JSON.stringify(parsed);
  expect(strings, context).not.toMatch(/\\u00[01]|\\[bfnrt]|[\u007f-\u009f\u202a-\u202e]|:null,"unit"/);
  if (!parsed.known) return;
  for (const { points } of parsed.value.series) {
    for (const { x, bandwidth, latency } of points) {
      for (const value of [x, bandwidth?.bytesPerSecond, latency?.averageUs]) {
        if (value !== null && value !== undefined && !(value >= 0)) throw new Error(`${context}: ${value}`);
      }
    }
  }
}

describe.each([...benchParsers.keys()])('%s', (tool: BenchTool) => {
  const { parse, reader } = parserOf(tool);

  it('withstands thousands of mutations', () => {
    const next = random(20_261_120);
    const own = names.filter((name) => toolOf(name) === tool);
    const from = own.length > 0 ? own : names.slice(0, 8);
    for (let round = 0; round < 3000; round++) {
      const name = from[round % from.length]!;
      check(parse(mutated(output(name).slice(0, 6000), next)), `${name}, round ${round}`);
    }
  }, 60_000);

  it('withstands the output of any other tool, and random bytes', () => {
    const next = random(11);
    for (const name of names) check(parse(output(name)), name);
    for (let round = 0; round < 200; round++) {
      const bytes = Array.from({ length: Math.floor(next() * 600) }, () =>
        String.fromCharCode(Math.floor(next() * 300)),
      );
      check(parse(bytes.join('')), `round ${round}`);
    }
  });

  it('says that nothing is nothing', () => {
    for (const text of ['', ' \n\t\n', '\u001b[0m\n', '\ufeff']) {
      expect(parse(text)).toMatchObject({ known: false, reason: 'empty' });
      expect(reader().end(text)).toMatchObject({ known: false, reason: 'empty' });
    }
  });

  it('reads megabytes of anything in linear time', () => {
    const sample = output(names.find((name) => toolOf(name) === tool) ?? names[0]!);
    for (const text of [
      'a'.repeat(1_500_000),
      ' '.repeat(1_500_000),
      '9'.repeat(1_500_000),
      '1 '.repeat(700_000),
      '\u001b['.repeat(400_000),
      `\u001b[${'0;'.repeat(700_000)}`,
      '\r'.repeat(1_500_000),
      '{"'.repeat(400_000),
      `{${'[ "a",'.repeat(200_000)}`,
      `{${'\n{'.repeat(200_000)}`,
      '[  5]'.repeat(200_000),
      `${'a: '.repeat(80)}\n`.repeat(20_000),
      sample.repeat(Math.ceil(1_500_000 / sample.length)),
      `${'some other log line\n'.repeat(70_000)}${sample}`,
    ]) {
      const started = performance.now();
      check(parse(text), JSON.stringify(text.slice(0, 12)));
      expect(performance.now() - started, JSON.stringify(text.slice(0, 12))).toBeLessThan(3000);
    }
  }, 90_000);
});
