import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Playbook } from '../../../../src-main/core/engine/playbook';
import * as tools from '../../../../src-main/core/playbooks/benchmark-tools/codes';
import { benchmarkTools } from '../../../../src-main/core/playbooks/benchmark-tools/playbook';
import { explanations } from '../../../../src-main/core/playbooks/nccl/causes';
import * as nccl from '../../../../src-main/core/playbooks/nccl/codes';
import { ncclForTwoSparks } from '../../../../src-main/core/playbooks/nccl/playbook';
import { parametersOf, texts } from './catalogue-words';

interface Book {
  readonly family: string;
  readonly folder: string;
  readonly playbook: Playbook;
  readonly notes: Readonly<Record<string, readonly string[]>>;
  readonly blockers: Readonly<Record<string, readonly string[]>>;
}

const books: readonly Book[] = [
  { family: 'benchmark', folder: 'benchmark-tools', playbook: benchmarkTools, ...tools },
  { family: 'nccl', folder: 'nccl', playbook: ncclForTwoSparks, ...nccl },
];

describe.each(books)('the texts of $playbook.id', ({ family, folder, playbook, notes, blockers }) => {
  it.each(Object.entries(notes))('have %s with exactly its parameters', (code, parameters) => {
    expect(texts).toHaveProperty([code]);
    expect(parametersOf(texts[code]!)).toEqual([...parameters].sort());
  });
  it.each(Object.entries(blockers))(
    'have %s and its remedy, which use its parameters',
    (code, parameters) => {
      expect(texts).toHaveProperty([code]);
      expect(texts).toHaveProperty([`${code}.remedy`]);
      const used = [...parametersOf(texts[code]!), ...parametersOf(texts[`${code}.remedy`]!)];
      expect([...new Set(used)].sort()).toEqual([...parameters].sort());
    },
  );
  it('name the playbook, its stages and its choices, also on the card of the window', () => {
    expect(texts).toHaveProperty([`${family}.title`]);
    for (const about of ['about', 'needs'])
      expect(texts).toHaveProperty([`window.playbook.${about}.${playbook.id}`]);
    for (const { id } of playbook.stages) {
      expect(texts).toHaveProperty([`${family}.stage.${id}.title`]);
      expect(texts).toHaveProperty([`${family}.stage.${id}.why`]);
    }
    for (const { key, values } of playbook.inputs) {
      expect(texts).toHaveProperty([`${family}.input.${key}`]);
      for (const value of values ?? []) {
        expect(texts).toHaveProperty([`${family}.input.${key}.${value}`]);
        expect(texts).toHaveProperty([`window.playbook.choice.${key}.${value}`]);
      }
    }
  });
  it('have every code that appears in the source', () => {
    const place = new URL(`../../../../src-main/core/playbooks/${folder}/`, import.meta.url);
    const sources = readdirSync(place).map((name) => readFileSync(new URL(name, place), 'utf8'));
    const code = new RegExp(`'(${family}\\.[a-z0-9.-]+)'`, 'g');
    const used = new Set(sources.flatMap((text) => [...text.matchAll(code)].map((hit) => hit[1]!)));
    const keys = new Set(playbook.inputs.map(({ key }) => key));
    expect([...used].filter((one) => texts[one] === undefined && !keys.has(one))).toEqual([]);
  });
});

const causes: string[] = explanations.map(({ id }) => id);
it.each([...causes, 'unexplained'])('has the cause %s and its remedy', (id) => {
  for (const code of [`nccl.cause.${id}`, `nccl.cause.${id}.remedy`]) {
    expect(texts).toHaveProperty([code]);
    expect(parametersOf(texts[code]!).filter((name) => !['node', 'peer', 'user'].includes(name))).toEqual([]);
  }
});

it('keeps what builds on what', () => {
  expect(ncclForTwoSparks.stages.map(({ id, needs }) => [id, needs])).toEqual([
    ['prerequisites', []],
    ['packages', []],
    ['nccl', ['packages']],
    ['nccl-tests', ['packages', 'nccl']],
    ['environment', ['nccl', 'nccl-tests']],
    ['verify', ['environment']],
  ]);
});
