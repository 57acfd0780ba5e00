import { describe, expect, it } from 'vitest';
import {
  LogIndex,
  lowerBound,
  markedPieces,
  stepMatch,
  type IndexedLine,
} from '../../../../src-renderer/features/playbook/log-index';

interface Line extends IndexedLine {
  readonly text: string;
}
const sources = ['stdout', 'stderr', 'app'] as const;
const lines: Line[] = Array.from({ length: 1000 }, (_, number) => ({
  number,
  node: number % 3 === 2 ? '' : `n${number % 2}`,
  source: sources[number % 3]!,
  text: number % 10 === 0 ? `Tenth ${number}` : `line ${number}`,
}));
const all = { node: null, stream: 'all' } as const;
const index = () => new LogIndex<Line>(({ text }) => text);
const at = (number: number) => lines[number];

describe('LogIndex', () => {
  it('works a portion at a time and says when it is through', () => {
    const log = index();
    log.reset(all, '');
    expect(log.advance(0, 1000, at, 400)).toBe(false);
    expect(log.shown).toHaveLength(400);
    expect(log.advance(0, 1000, at, 400)).toBe(false);
    expect(log.advance(0, 1000, at, 400)).toBe(true);
    expect(log.shown).toHaveLength(1000);
  });

  it('takes in what is appended later without looking at the rest again', () => {
    const log = index();
    log.reset(all, 'tenth');
    log.advance(0, 500, at, 1000);
    let looked = 0;
    log.advance(0, 510, (number) => (looked++, at(number)), 1000);
    expect(looked).toBe(10);
    expect(log.matches.at(-1)).toBe(500);
    expect(log.matches).toHaveLength(51);
  });

  it('filters by node and stream, and counts matches among what is shown only', () => {
    const log = index();
    log.reset({ node: 'n0', stream: 'errors' }, 'TENTH');
    log.advance(0, 1000, at, 1000);
    expect(log.shown.every((n) => lines[n]!.node === 'n0' && lines[n]!.source === 'stderr')).toBe(true);
    expect(log.shown.length).toBeGreaterThan(100);
    expect(log.matches.every((n) => n % 10 === 0 && n % 3 === 1 && n % 2 === 0)).toBe(true);
    expect(log.matches.length).toBeGreaterThan(10);
    log.reset({ node: '', stream: 'app' }, '');
    log.advance(0, 1000, at, 1000);
    expect(log.shown).toHaveLength(333);
    expect(log.matches).toEqual([]);
  });

  it('forgets lines that are no longer held', () => {
    const log = index();
    log.reset(all, 'tenth');
    log.advance(0, 1000, at, 1000);
    log.advance(995, 1000, at, 1000);
    expect(log.shown).toEqual([995, 996, 997, 998, 999]);
    expect(log.matches).toEqual([]);
    expect(log.positionOf(997)).toBe(2);
    expect(log.positionOf(5000)).toBe(5);
  });

  it('passes over lines that have not come yet or are gone', () => {
    const log = index();
    log.reset(all, '');
    log.advance(0, 10, (number) => (number < 5 ? undefined : at(number)), 100);
    expect(log.shown).toEqual([5, 6, 7, 8, 9]);
  });
});

describe('search helpers', () => {
  it('steps round the end', () => {
    expect(stepMatch(0, -1, 1)).toBe(-1);
    expect(stepMatch(3, -1, 1)).toBe(0);
    expect(stepMatch(3, -1, -1)).toBe(2);
    expect(stepMatch(3, 2, 1)).toBe(0);
    expect(stepMatch(3, 0, -1)).toBe(2);
  });

  it('cuts a text at each occurrence', () => {
    expect(markedPieces('a Ping is a ping', 'ping')).toEqual(['a ', 'Ping', ' is a ', 'ping', '']);
    expect(markedPieces('nothing', 'ping')).toEqual(['nothing']);
    expect(markedPieces('text', '')).toEqual(['text']);
    // U+0130 becomes two characters in lower case: rather no mark than one in the wrong place.
    expect(markedPieces('\u0130 ping', 'ping')).toEqual(['\u0130 ping']);
  });

  it('finds the place of a number', () => {
    expect(lowerBound([], 3)).toBe(0);
    expect(lowerBound([1, 3, 5], 3)).toBe(1);
    expect(lowerBound([1, 3, 5], 4)).toBe(2);
    expect(lowerBound([1, 3, 5], 9)).toBe(3);
  });
});
