import { readFileSync, readdirSync } from 'node:fs';
import type { BenchResult, BenchTool } from '../../../../src-main/contract/benchmark';
import { benchParsers } from '../../../../src-main/core/benchmark/parse/tools';
import type { BenchParser } from '../../../../src-main/core/benchmark/parse/tool';

const folder = new URL('../../../fixtures/benchmarks/', import.meta.url);

export const names = readdirSync(folder).filter((name) => !name.endsWith('.src'));

/** A saved output by its file name. */
export function output(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

/** The tool that printed a fixture. */
export function toolOf(name: string): BenchTool {
  if (name.startsWith('all_gather') || name.includes('nccl')) return 'nccl';
  if (name.startsWith('perftest')) return 'ib_write_bw';
  const found = [...benchParsers.keys()]
    .filter((tool) => name.startsWith(tool))
    .sort((one, other) => other.length - one.length)[0];
  if (found === undefined) throw new Error(`no tool for ${name}`);
  return found;
}

export function parserOf(tool: BenchTool): BenchParser {
  return benchParsers.get(tool)!;
}

export function read(name: string, tool = toolOf(name)): BenchResult {
  return readText(output(name), tool);
}

export function readText(text: string, tool: BenchTool): BenchResult {
  const parsed = parserOf(tool).parse(text);
  if (!parsed.known) throw new Error(`${tool}: ${parsed.reason} ${parsed.detail}`);
  return parsed.value;
}

/** Fixtures that hold something of their tool. */
export const readable = names.filter((name) => name !== 'nixlbench_help_head40.txt');

/** `[x, printed value]` of a series. */
export function printed(result: BenchResult, id = 'main', kind: 'bandwidth' | 'busBandwidth' = 'bandwidth') {
  const series = result.series.find((one) => one.id === id);
  return series?.points.map((point) => [point.x, point[kind]?.printed.value]);
}
