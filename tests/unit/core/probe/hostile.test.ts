import { describe, expect, it } from 'vitest';
import { parseAccount } from '../../../../src-main/core/probe/account';
import { parseClock, parseUptime } from '../../../../src-main/core/probe/clock';
import { parseDisks } from '../../../../src-main/core/probe/disks';
import { parseFileState, parseFileStates } from '../../../../src-main/core/probe/file-state';
import { parseIpRoutes6 } from '../../../../src-main/core/probe/ip-json';
import { parseHostname } from '../../../../src-main/core/probe/kernel';
import { parseNetplanFiles } from '../../../../src-main/core/probe/netplan';
import { toolParsers } from '../../../../src-main/core/probe/parse-tool';
import { parseSections } from '../../../../src-main/core/probe/sections-script';
import { parseSshFiles } from '../../../../src-main/core/probe/ssh-files';
import { parseSysfs } from '../../../../src-main/core/probe/sysfs';
import { parseTools } from '../../../../src-main/core/probe/tools';
import type { Parsed } from '../../../../src-main/core/probe/parsed';
import { harmless, interleaved, mutated, random, truncated } from './damage';
import { printed } from './printed';
import { allSamples } from './samples';

const parsers: Record<string, (text: string) => Parsed<unknown>> = {
  ...toolParsers,
  account: parseAccount,
  clock: parseClock,
  disks: parseDisks,
  'file-state': parseFileState,
  'file-states': parseFileStates,
  hostname: parseHostname,
  'netplan-files': parseNetplanFiles,
  routes6: parseIpRoutes6,
  ssh: parseSshFiles,
  sysfs: parseSysfs,
  tools: parseTools,
  uptime: parseUptime,
};
const texts = [...allSamples(), ...Object.entries(printed).map(([name, text]) => ({ name, text }))];

/** No parser gives a string that could do harm on a screen; file contents are not for screens. */
function check(result: Parsed<unknown>, context: string): void {
  const strings = JSON.stringify(result, (key, value: unknown) => (key === 'content' ? undefined : value));
  // JSON.stringify escapes C0; a parsed string with one shows as \u00XX.
  expect(strings, context).not.toMatch(/\\u00[01]|\\[bfnrt]|[\u007F-\u009F\u202A-\u202E]/);
  if (!result.known) expect(result.detail.length, context).toBeLessThanOrEqual(300);
}

describe.each(Object.entries(parsers))('%s', (name, parse) => {
  it('gives a value or a reason for any output of any tool, cut anywhere', () => {
    for (const { name: from, text } of texts) {
      for (const part of truncated(text)) check(parse(part), `${from} cut at ${part.length}`);
    }
  });

  it('withstands mutated output', () => {
    const next = random(20261120);
    for (const { name: from, text } of texts) {
      for (let round = 0; round < 12; round++) check(parse(mutated(text, next)), `${from}, round ${round}`);
    }
  });

  it('withstands random bytes', () => {
    const next = random(7);
    for (let round = 0; round < 60; round++) {
      const length = Math.floor(next() * 400);
      const bytes = Array.from({ length }, () => String.fromCharCode(Math.floor(next() * 300)));
      check(parse(bytes.join('')), `round ${round}`);
    }
  });

  it('says that nothing is nothing', () => {
    for (const text of ['', ' \n\t\n', '\u001B[0m', '\uFEFF']) {
      expect(parse(text)).toMatchObject({ known: false, reason: 'empty' });
    }
  });

  it('reads megabytes in linear time', () => {
    const bulky = [
      'a'.repeat(4_000_000),
      ' '.repeat(4_000_000) + 'x',
      '\u001B['.repeat(1_000_000),
      `\u001B[${'0;'.repeat(2_000_000)}`,
      '\n'.repeat(4_000_000),
      '['.repeat(2_000_000),
      `${'a: '.repeat(80)}\n`.repeat(20_000),
      '- '.repeat(100_000),
      `${texts.find((one) => one.name === name)?.text ?? texts[0]?.text ?? ''}\n`.repeat(4000),
    ];
    for (const text of bulky) {
      const started = performance.now();
      check(parse(text.slice(0, 8_000_000)), `${text.length} of ${JSON.stringify(text.slice(0, 8))}`);
      expect(performance.now() - started, JSON.stringify(text.slice(0, 8))).toBeLessThan(3000);
    }
  }, 60_000);
});

describe('output that says the same', () => {
  const matching: [string, RegExp][] = [
    ['dgx-release', /^dgx-release/],
    ['ibdev2netdev', /^ibdev2netdev/],
    ['ibstat', /^ibstat/],
    ['ibv_devinfo', /^ibv_devinfo/],
    ['ip', /^ip_|^ip /],
    ['ethtool', /^ethtool/],
    ['lspci', /^lspci/],
    ['nvidia-smi', /^nvidia-smi_(csv|gb10)/],
    ['sysfs-rate-state', /^sysfs_rate/],
    ['netplan', /^netplan_/],
    ['ufw', /^ufw/],
  ];
  it.each(matching)('%s reads it the same', (name, pattern) => {
    const parse = parsers[name]!;
    const found = texts.filter((one) => pattern.test(one.name));
    expect(found.length).toBeGreaterThan(0);
    for (const { name: from, text } of found) {
      const value = parse(text);
      expect(value.known, from).toBe(true);
      for (const variant of harmless(text)) {
        expect(parse(variant.text), `${from} with ${variant.how}`).toEqual(value);
      }
    }
  });
});

it('two interleaved outputs never give a mixture that neither said', () => {
  const [one, other] = [printed['ibdev2netdev port 0']!, printed['ibdev2netdev port 1']!];
  const parse = toolParsers['ibdev2netdev']!;
  expect(parse(interleaved(one, other))).toMatchObject({ known: false, reason: 'malformed' });
  expect(parse(interleaved(one, one))).toEqual(parse(one));
});

it('section lines withstand noise', () => {
  const next = random(3);
  for (const { text } of texts) expect(parseSections(mutated(text, next), [], 'aa').size).toBe(0);
});
