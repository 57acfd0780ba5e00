import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explain, explanations } from '../../../../../src-main/core/playbooks/connect-two-sparks/causes';
import { blockers, notes } from '../../../../../src-main/core/playbooks/connect-two-sparks/codes';
import { connectTwoSparks } from '../../../../../src-main/core/playbooks/connect-two-sparks/playbook';
import { parametersOf, texts } from '../catalogue-words';

const folder = new URL('../../../../../src-main/core/playbooks/connect-two-sparks/', import.meta.url);

describe('the English texts', () => {
  it.each(Object.entries(notes))('has %s with exactly its parameters', (code, parameters) => {
    expect(texts).toHaveProperty([code]);
    expect(parametersOf(texts[code]!)).toEqual([...parameters].sort());
  });

  it.each(Object.entries(blockers))('has %s and its remedy, which use its parameters', (code, parameters) => {
    expect(texts).toHaveProperty([code]);
    expect(texts).toHaveProperty([`${code}.remedy`]);
    const used = [...parametersOf(texts[code]!), ...parametersOf(texts[`${code}.remedy`]!)];
    expect([...new Set(used)].sort()).toEqual([...parameters].sort());
  });

  it.each(explanations.map(({ id }) => id))('has the cause %s and its remedy', (id) => {
    for (const code of [`connect.cause.${id}`, `connect.cause.${id}.remedy`]) {
      expect(texts).toHaveProperty([code]);
      const unknownNames = parametersOf(texts[code]!).filter(
        (name) => !['node', 'peer', 'port', 'user'].includes(name),
      );
      expect(unknownNames).toEqual([]);
    }
  });

  it('has every code that appears in the source', () => {
    const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
    const used = new Set(
      sources.flatMap((text) => [...text.matchAll(/'(connect\.[a-z0-9.-]+)'/g)].map((hit) => hit[1]!)),
    );
    expect([...used].filter((code) => texts[code] === undefined)).toEqual([]);
  });

  it('names every stage and every choice', () => {
    for (const { id } of connectTwoSparks.stages) {
      expect(texts).toHaveProperty([`connect.stage.${id}.title`]);
      expect(texts).toHaveProperty([`connect.stage.${id}.why`]);
    }
    for (const { key, values } of connectTwoSparks.inputs) {
      expect(texts).toHaveProperty([`connect.input.${key}`]);
      for (const value of values ?? []) expect(texts).toHaveProperty([`connect.input.${key}.${value}`]);
    }
  });

  it('keeps the whole playbook: stages in order, and what each builds on', () => {
    expect(connectTwoSparks.stages.map(({ id, needs }) => [id, needs])).toEqual([
      ['prerequisites', []],
      ['user', []],
      ['cable', []],
      ['network', []],
      ['ssh', ['network', 'user']],
      ['verify', ['ssh']],
    ]);
  });
});

describe('explain', () => {
  const who = { node: 'a', peer: 'b', port: 'p', user: 'u' };
  it('puts what the output says before what is merely likely', () => {
    const [first] = explain('ping-lost', who, 'connect: Network is unreachable');
    expect(first?.cause).toEqual({ code: 'connect.cause.not-configured', params: who });
  });
  it('never leaves a failure without a next step', () => {
    expect(explain('ssh-failed', who, 'lp0 on fire').map(({ remedy }) => remedy.code)).toEqual([
      'connect.cause.unexplained.remedy',
    ]);
  });
  it('gives each cause once', () => {
    const codes = explain('ssh-failed', who, 'Permission denied, connection refused, timed out', 99).map(
      ({ cause }) => cause.code,
    );
    expect(new Set(codes).size).toBe(codes.length);
  });
});
