import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { PlannedCommand } from '../../../../src-main/contract/plan';
import { typedCommand } from '../../../../src-renderer/features/playbook/typed-command';

const command = (script: string, stdin?: PlannedCommand['stdin'], root = false): PlannedCommand => ({
  node: 'n',
  script,
  root,
  phase: 'act',
  ...(stdin && { stdin }),
});
const run = (line: string | null) => spawnSync('sh', ['-c', line ?? ''], { encoding: 'utf8' }).stdout;

describe('typedCommand', () => {
  it('runs exactly the text of the plan, quotes and line breaks and all', () => {
    const script = `printf '%s|' "it's" '\\\\' "$HOME" '!'\nprintf 'two\\n'\n`;
    expect(run(typedCommand(command(script)))).toBe(run(script));
  });

  it('hands over what the command reads', () => {
    const text = "one\n  it's $two `x` %s \\n\n\n";
    expect(run(typedCommand(command('cat', { kind: 'text', text })))).toBe(text);
  });

  it('never ends in a line break, and asks for root where the plan does', () => {
    const line = typedCommand(command('true\n\n', undefined, true));
    expect(line).toBe('sudo sh -c true');
  });

  it('is not offered where a person could not give what it reads', () => {
    expect(typedCommand(command('cat', { kind: 'secret', name: 'p' }))).toBeNull();
    expect(typedCommand(command('cat', { kind: 'output', node: 'm', script: 'x', root: false }))).toBeNull();
  });
});
