import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { Frame } from '../../../../src-main/adapters/ssh2/frame';

function frame() {
  const got = { stdout: '', stderr: '' };
  const it = new Frame((stream, chunk) => {
    got[stream] += chunk.toString('latin1');
    return undefined;
  });
  return { it, got };
}

describe('the answer to a frame', () => {
  it('gives output without its markers, however it is cut', async () => {
    const { it: whole, got } = frame();
    const text = `4711\nno line end${whole.nonce} 3\n`;
    for (const letter of text) void whole.push('stdout', Buffer.from(letter));
    for (const letter of `oops\n${whole.nonce}\n`) void whole.push('stderr', Buffer.from(letter));
    expect(await whole.status).toBe(3);
    expect(whole.group).toBe(4711);
    expect(got).toEqual({ stdout: 'no line end', stderr: 'oops\n' });
  });

  it('hands on at once what cannot be the start of a marker', () => {
    const { it: whole, got } = frame();
    void whole.push('stdout', Buffer.from('1\nabc'));
    expect(got.stdout).toBe('abc');
    void whole.push('stdout', Buffer.from(whole.nonce.slice(0, 20)));
    expect(got.stdout).toBe('abc');
    void whole.push('stdout', Buffer.from('!'));
    expect(got.stdout).toBe(`abc${whole.nonce.slice(0, 20)}!`);
  });

  it('is not closed by output that looks like another marker', () => {
    const { it: whole, got } = frame();
    void whole.push('stdout', Buffer.from(`1\n${'0'.repeat(32)} 0\n`));
    void whole.push('stderr', Buffer.from(`${'0'.repeat(32)}\n`));
    expect(whole.ended).toBe(false);
    expect(got.stdout).toBe(`${'0'.repeat(32)} 0\n`);
  });

  it('without a process id still ends', async () => {
    const { it: whole, got } = frame();
    void whole.push('stderr', Buffer.from(`sh: setsid: not found\n${whole.nonce}\n`));
    void whole.push('stdout', Buffer.from(`${whole.nonce} 127\n`));
    expect(await whole.status).toBe(127);
    expect(got.stderr).toBe('sh: setsid: not found\n');
  });
});
