import { describe, expect, it } from 'vitest';
import { bench, FakeTerminal } from './doubles';

describe('joining output', () => {
  it('sends at once after a quiet moment, then every 5 ms', async () => {
    const { told, timers, open } = bench();
    const { id, shell } = await open();
    shell.print('a');
    expect(told).toEqual([`${id}: a`]);
    shell.print('b');
    timers.advance(4);
    shell.print('c');
    expect(told).toHaveLength(1);
    timers.advance(1);
    expect(told.slice(1)).toEqual([`${id}: bc`]);
    timers.advance(5);
    shell.print('d');
    expect(told.slice(2)).toEqual([`${id}: d`]);
    expect(timers.running).toBe(0);
  });

  it('waits for no timer when a piece is full, and cuts pieces at 64 Ki', async () => {
    const { told, terminals, open } = bench();
    const { id, shell } = await open();
    shell.print('.');
    shell.print('x'.repeat(40_000));
    expect(told).toHaveLength(1);
    shell.print('x'.repeat(40_000));
    terminals.ack(id, 80_001);
    expect(told.slice(1).map((line) => line.length - `${id}: `.length)).toEqual([65_536, 14_464]);
  });

  it('never cuts a character in two', async () => {
    const { told, open } = bench();
    const { id, shell } = await open();
    const text = `${'x'.repeat(65_535)}👍${'y'.repeat(65_535)}`;
    shell.print(text);
    const pieces = told.map((line) => line.slice(`${id}: `.length));
    expect(pieces.map((piece) => piece.length)).toEqual([65_535, 65_536, 1]);
    expect(pieces.join('')).toBe(text);
  });
});

describe('flow control', () => {
  const block = 'x'.repeat(10_000);

  it('pauses above 100,000 unacknowledged characters and goes on below 5,000', async () => {
    const { terminals, open } = bench();
    const { id, shell } = await open();
    for (let count = 0; count < 10; count++) shell.print(block);
    expect(shell.log).toEqual([]);
    shell.print('x');
    expect(shell.log).toEqual(['pause']);
    terminals.ack(id, 95_001);
    expect(shell.log).toEqual(['pause']);
    terminals.ack(id, 1);
    expect(shell.log).toEqual(['pause', 'resume']);
  });

  it('shows what is waiting when it pauses: nothing would follow', async () => {
    const { told, timers, open } = bench();
    const { id, shell } = await open();
    while (shell.print(block));
    const shown = told.reduce((sum, line) => sum + line.length - `${id}: `.length, 0);
    expect(shown).toBe(110_000);
    expect(timers.running).toBe(0);
  });

  it('types through while paused', async () => {
    const { terminals, open } = bench();
    const { id, shell } = await open();
    while (shell.print(block));
    terminals.write(id, '\u0003');
    expect(shell.log).toEqual(['pause', 'write \u0003']);
  });

  it('holds no more than the mark and one chunk, however long the flood and slow the screen', async () => {
    const { told, terminals, open } = bench();
    const { id, shell } = await open();
    let printed = 0;
    let acknowledged = 0;
    let highest = 0;
    for (let step = 0; step < 1_000; step++) {
      while (shell.print(block)) printed += block.length;
      highest = Math.max(highest, printed - acknowledged);
      terminals.ack(id, 7_000);
      acknowledged += 7_000;
    }
    expect(highest).toBeLessThanOrEqual(110_000);
    expect(printed).toBeGreaterThan(6_000_000);
    const shown = told.reduce((sum, line) => sum + line.length - `${id}: `.length, 0);
    expect(printed - shown).toBeLessThan(65_536);
  });

  it('acknowledging too much is no credit for later', async () => {
    const { terminals, open } = bench();
    const { id, shell } = await open();
    terminals.ack(id, 1_000_000);
    while (shell.print(block));
    expect(shell.log).toEqual(['pause']);
  });

  it('a window that took over owes nothing', async () => {
    const { terminals, open } = bench();
    const { shell } = await open();
    while (shell.print(block));
    terminals.forgetUnacknowledged();
    expect(shell.log).toEqual(['pause', 'resume']);
  });

  it('one that is opened again waits for what the screen still works on', async () => {
    const { terminals, openers, heard, size, open } = bench();
    const { id, shell } = await open();
    while (shell.print(block));
    terminals.reopen(id, size);
    const next = new FakeTerminal(size);
    openers.node1.openings[1]!.answer(next);
    await heard();
    expect(next.log).toEqual(['pause']);
    terminals.ack(id, 110_000);
    expect(next.log).toEqual(['pause', 'resume']);
  });

  it('each terminal has a count of its own', async () => {
    const { open } = bench();
    const [one, two] = [await open(), await open()];
    while (one.shell.print(block));
    expect(two.shell.print('prompt')).toBe(true);
  });
});
