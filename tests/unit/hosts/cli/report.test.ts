import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as contract from '../../../../src-main/contract/report';
import { pairDigest } from '../../../../src-main/core/benchmark/run/conditions';
import { Failure } from '../../../../src-main/core/failure';
import { reportSchema } from '../../../../src-main/core/report/shape';
import { environmentPrograms, reportFormats } from '../../../../src-main/hosts/cli/report-choices';
import { record } from '../../core/benchmark/history/records';
import { nodeFacts } from '../../core/report/input';
import { finish, NODES, runState } from './fakes';

const folder = mkdtempSync(path.join(os.tmpdir(), 'twinspark-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const facts = [nodeFacts(0), nodeFacts(1)] as const;
const pair = pairDigest(['SHA256:n1', 'SHA256:n2']);
const records = [record(2, { pair }), record(1, { pair: 'another' })];

describe('report', () => {
  it('tells the nodes, the runs and the results of this pair alone', async () => {
    const other = runState({
      run: '0002-else',
      nodes: runState().nodes.map((node) => ({ ...node, hostKey: 'SHA256:else' })) as never,
    });
    const driven = await finish(['report', ...NODES, '--mask', 'none'], {
      facts,
      records,
      states: [other, runState()],
    });
    expect(driven.code).toBe(0);
    expect(driven.out).toContain('- Hostname: `spark-5c2d`');
    expect(driven.out).toContain('`0001-demo`');
    expect(driven.out).not.toContain('0002-else');
    expect(driven.out.match(/ib_write_bw: both halves/g)).toHaveLength(1);
  });

  it('masks everything unless told otherwise', async () => {
    const driven = await finish(['report', ...NODES], { facts });
    expect(driven.out).not.toMatch(/spark-5c2d|10\.0\.0\.1|192\.168\.1\.21|30:c5/);
    expect(driven.out).toContain('- Hostname: `<host-');
    const some = await finish(['report', ...NODES, '--mask', 'macs, users'], { facts });
    expect(some.out).toContain('spark-5c2d');
    expect(some.out).not.toContain('30:c5');
  });

  it('gives programs one object, with the document in it', async () => {
    const driven = await finish(['report', ...NODES, '--format', 'json', '--json'], { facts, records });
    const result = driven.lines().at(-1);
    expect(result).toMatchObject({ command: 'report', exitCode: 0, format: 'json' });
    expect(reportSchema.parse(JSON.parse(String(result?.['text']))).benchmarks).toHaveLength(1);
  });

  it('writes a new file for its owner alone, and never over another', async () => {
    const file = path.join(folder, 'report.html');
    const driven = await finish(['report', ...NODES, '--format', 'html', '-o', file], { facts });
    expect(driven.code).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const mine = path.join(folder, 'mine.md');
    writeFileSync(mine, 'mine');
    const again = await finish(['report', ...NODES, '-o', mine], { facts });
    expect(again.code).toBe(2);
    expect(again.err).toContain('nothing was overwritten');
    expect(again.err).toContain('another name');
    expect(again.calls).toEqual([]);
    expect(readFileSync(mine, 'utf8')).toBe('mine');
  });

  it('says that a file cannot be written, and leaves nothing', async () => {
    const driven = await finish(['report', ...NODES, '-o', path.join(folder, 'nowhere', 'x.md')], { facts });
    expect(driven.code).toBe(2);
    expect(driven.err).toContain('cannot be written');
    expect(readdirSync(folder)).not.toContain('nowhere');
  });

  it('tells what is known when the nodes are out of reach, and says so by its exit code', async () => {
    const gone = new Failure('NODE_UNREACHABLE', { host: '10.0.0.1', port: 22 }, { node: '10.0.0.1' });
    const known = record(1, { nodes: [record(1).nodes[0], record(1).nodes[1]] });
    const named = {
      ...known,
      nodes: [
        { ...known.nodes[0], name: '10.0.0.2' },
        { ...known.nodes[1], name: '10.0.0.1' },
      ] as typeof known.nodes,
    };
    const driven = await finish(['report', ...NODES, '--mask', 'none'], {
      open: () => Promise.reject(gone),
      records: [named],
    });
    expect(driven.code).toBe(3);
    expect(driven.out).toContain('- Kernel: not read');
    expect(driven.out).toContain('ib_write_bw');
    expect(driven.err).toContain('the nodes were not read');
  });

  it.each([[['--mask', 'everything']], [['--mask', '']], [['--format', 'pdf']]])(
    'refuses %j before anything is connected',
    async (options) => {
      const driven = await finish(['report', ...NODES, ...options], { facts });
      expect(driven.code).toBe(2);
      expect(driven.calls).toEqual([]);
    },
  );
});

describe('environment', () => {
  const gids = 'gid rocep1s0f1 3 0000:0000:0000:0000:0000:ffff:c0a8:640a\n';
  const exec = () => Promise.resolve({ code: 0, signal: null, stdout: gids, stderr: '', durationMs: 1 });

  it('prints what one program needs, or all of them', async () => {
    const one = await finish(['environment', 'nccl', ...NODES], { facts, exec });
    expect(one.code).toBe(0);
    expect(one.out).toContain('export NCCL_IB_HCA=rocep1s0f1,roceP2p1s0f1\n');
    expect(one.out).not.toContain('UCX');
    const all = await finish(['environment', ...NODES, '--json'], { facts, exec });
    const { environment } = all.lines().at(-1) as { environment: Record<string, string> };
    expect(Object.keys(environment)).toEqual([...contract.environmentPrograms]);
  });

  it('does without the GIDs when a node does not tell them', async () => {
    const lost = () => Promise.reject(new Failure('COMMAND_TIMEOUT', { seconds: 10 }));
    const driven = await finish(['environment', 'nccl', ...NODES], { facts, exec: lost });
    expect(driven.code).toBe(0);
    expect(driven.out).not.toContain('GID_INDEX=');
  });

  it('says that there is no link, and what helps', async () => {
    const bare = [nodeFacts(0, { addresses: [] }), nodeFacts(1)] as const;
    const driven = await finish(['environment', 'ucx', ...NODES], { facts: bare });
    expect(driven.code).toBe(1);
    expect(driven.err).toContain('Connect two Sparks');
  });

  it('knows the programs and formats of the contract', async () => {
    expect(environmentPrograms).toEqual(contract.environmentPrograms);
    expect(reportFormats).toEqual(contract.reportFormats);
    expect((await finish(['environment', 'fortran', ...NODES])).code).toBe(2);
  });
});
