import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src-main/core/failure';
import { bench, FakeTerminal } from './doubles';

describe('the life of a terminal', () => {
  it('is opening, open and closed, and says how it ended', async () => {
    const { terminals, openers, lists, heard, size } = bench();
    const entry = terminals.open('node2', size);
    expect(entry).toEqual({
      id: 'terminal-1',
      target: 'node2',
      title: 'spark-b',
      state: 'opening',
      end: null,
      opened: 1,
    });
    const shell = new FakeTerminal(size);
    openers.node2.openings[0]!.answer(shell);
    await heard();
    shell.end({ kind: 'exit', code: 3 });
    await heard();
    expect(lists.flat().map(({ state, end }) => [state, end])).toEqual([
      ['opening', null],
      ['open', null],
      ['closed', { kind: 'exit', code: 3, failure: null }],
    ]);
  });

  it('tells why it could not be opened, and can be opened again', async () => {
    const { terminals, openers, told, heard, size } = bench();
    const { id } = terminals.open('node1', size);
    openers.node1.openings[0]!.refuse(new Failure('NOT_CONNECTED'));
    await heard();
    expect(terminals.list()[0]).toMatchObject({
      state: 'closed',
      end: { kind: 'failed', code: null, failure: { code: 'NOT_CONNECTED' } },
    });
    terminals.reopen(id, size);
    openers.node1.openings[1]!.answer(new FakeTerminal(size));
    await heard();
    expect(told.slice(-2)).toEqual([`${id} opening 2`, `${id} open 2`]);
  });

  it('tells a lost connection, after the last words', async () => {
    const { terminals, told, heard, timers, open } = bench();
    const { id, shell } = await open();
    shell.print('first ');
    shell.print('last');
    shell.end({ kind: 'lost' });
    await heard();
    expect(told).toEqual([`${id}: first `, `${id}: last`, `${id} closed 1`]);
    expect(terminals.list()[0]?.end).toEqual({ kind: 'lost', code: null, failure: null });
    expect(timers.running).toBe(0);
  });

  it('reopened keeps its id; what the old shell still says is not heard', async () => {
    const { terminals, openers, told, heard, size, open } = bench();
    const { id, shell } = await open();
    shell.print('a');
    shell.print('old');
    terminals.reopen(id, { columns: 100, rows: 30 });
    shell.print('late');
    expect(shell.log).toEqual(['close']);
    const next = new FakeTerminal(size);
    openers.node1.openings[1]!.answer(next);
    await heard();
    next.print('new');
    expect(openers.node1.openings[1]!.size).toEqual({ columns: 100, rows: 30 });
    // All of the old one stands before the mark, all of the new one after it.
    expect(told.slice(0, 4)).toEqual([`${id}: a`, `${id}: old`, `${id} opening 2`, `${id} open 2`]);
    expect(told.join()).not.toContain('late');
  });

  it('closed while it was being opened leaves no shell behind', async () => {
    const { terminals, openers, told, heard, size } = bench();
    const { id } = terminals.open('local', size);
    const [opening] = openers.local.openings;
    terminals.close(id);
    expect(opening!.signal.aborted).toBe(true);
    const shell = new FakeTerminal(size);
    opening!.answer(shell);
    await heard();
    expect(shell.log).toEqual(['close']);
    expect(told.at(-1)).toBe('');
    expect(terminals.list()).toEqual([]);
  });

  it('closed says nothing more, not even what was waiting', async () => {
    const { terminals, told, timers, open, heard } = bench();
    const { id, shell } = await open();
    shell.print('a');
    shell.print('b');
    terminals.close(id);
    shell.print('c');
    timers.advance(100);
    await heard();
    expect(told).toEqual([`${id}: a`, '']);
  });

  it('closeAll ends every one', async () => {
    const { terminals, open } = bench();
    const shells = [await open(), await open()].map(({ shell }) => shell);
    terminals.closeAll();
    expect(shells.map(({ log }) => log)).toEqual([['close'], ['close']]);
    expect(terminals.list()).toEqual([]);
  });
});

describe('typing and sizes', () => {
  it('what is typed and resized while it opens is made up for', async () => {
    const { terminals, openers, heard, size } = bench();
    const { id } = terminals.open('node1', size);
    terminals.write(id, 'nvidia-smi');
    terminals.write(id, ' -L');
    terminals.resize(id, { columns: 120, rows: 40 });
    const shell = new FakeTerminal(size);
    openers.node1.openings[0]!.answer(shell);
    await heard();
    terminals.write(id, '\r');
    expect(shell.log).toEqual(['resize 120x40', 'write nvidia-smi -L', 'write \r']);
  });

  it('typing into one that has ended does nothing', async () => {
    const { terminals, heard, open } = bench();
    const { id, shell } = await open();
    shell.end({ kind: 'exit', code: 0 });
    await heard();
    terminals.write(id, 'ls\r');
    expect(shell.log).toEqual([]);
  });

  it.each([
    [1, 24],
    [1001, 24],
    [80, 0],
    [80, 501],
    [80.5, 24],
    [Number.NaN, 24],
    [80, Infinity],
  ])('refuses %s columns by %s rows', async (columns, rows) => {
    const { terminals, open } = bench();
    const { id, shell } = await open();
    const bad = expect.objectContaining({ code: 'BAD_REQUEST' }) as Error;
    expect(() => terminals.resize(id, { columns, rows })).toThrow(bad);
    expect(() => terminals.open('node1', { columns, rows })).toThrow(bad);
    expect(() => terminals.reopen(id, { columns, rows })).toThrow(bad);
    expect(shell.log).toEqual([]);
    for (const [least, most] of [
      [2, 1],
      [1000, 500],
    ] as const) {
      terminals.resize(id, { columns: least, rows: most });
    }
    expect(shell.log).toEqual(['resize 2x1', 'resize 1000x500']);
  });

  it('takes 64 Ki characters a call, and no more, also while it opens', async () => {
    const { terminals, size, open } = bench();
    const { id, shell } = await open();
    const bad = expect.objectContaining({ code: 'BAD_REQUEST' }) as Error;
    terminals.write(id, 'x'.repeat(65_536));
    expect(() => terminals.write(id, 'x'.repeat(65_537))).toThrow(bad);
    expect(shell.log).toHaveLength(1);
    const opening = terminals.open('node1', size);
    terminals.write(opening.id, 'x'.repeat(65_536));
    expect(() => terminals.write(opening.id, 'x')).toThrow(bad);
  });

  it('eight at once, ended ones included, until one is closed', () => {
    const { terminals, size } = bench();
    const ids = Array.from({ length: 8 }, () => terminals.open('node1', size).id);
    const full = expect.objectContaining({ info: { code: 'TERMINAL_LIMIT', params: { limit: 8 } } }) as Error;
    expect(() => terminals.open('local', size)).toThrow(full);
    terminals.close(ids[3]!);
    expect(terminals.open('local', size).id).toBe('terminal-9');
  });

  it('knows no other ids; only late acknowledgements are let pass', () => {
    const { terminals, size } = bench();
    const gone = expect.objectContaining({
      info: { code: 'NOT_FOUND', params: { what: 'terminal', id: 'x' } },
    }) as Error;
    for (const act of [
      () => terminals.write('x', 'a'),
      () => terminals.resize('x', size),
      () => terminals.reopen('x', size),
      () => terminals.close('x'),
    ]) {
      expect(act).toThrow(gone);
    }
    terminals.ack('x', 10);
    for (const count of [-1, 0.5, Number.NaN]) expect(() => terminals.ack('x', count)).toThrow(Failure);
  });
});
