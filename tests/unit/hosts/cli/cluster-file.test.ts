import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../../src-main/core/failure';
import { parseCluster, readClusterFile } from '../../../../src-main/hosts/cli/cluster-file';
import { loadWords } from '../../../../src-main/words/words';

const good = `nodes:
  - name: spark-1
    host: 10.0.0.1
    user: nvidia
    passwordEnv: PW
  - name: spark-2
    host: spark-2.local
    port: 2222
    user: nvidia
    hostKey: SHA256:8DUT4+pHpbc8sd9YoZcqw7H1A3eA6fbA+Yy3i/r3ed0
`;

async function refusal(text: string): Promise<string[]> {
  const words = await loadWords('en');
  try {
    parseCluster(text, 'cluster.yaml');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.code).toBe('BAD_CLUSTER_FILE');
    return (error.info.causes ?? []).map(
      ({ cause, remedy }) => `${words.message(cause)} → ${words.message(remedy)}`,
    );
  }
  return [];
}

describe('cluster file', () => {
  it('reads two nodes; the port is 22 when none is given', () => {
    const [first, second] = parseCluster(good, 'cluster.yaml');
    expect(first).toEqual({ name: 'spark-1', host: '10.0.0.1', port: 22, user: 'nvidia', passwordEnv: 'PW' });
    expect(second.port).toBe(2222);
  });

  it.each([
    [
      'a password',
      good.replace('passwordEnv: PW', 'password: secret'),
      /Line 5, column 5: “password”.*passwordEnv: NAME/,
    ],
    [
      'a sudo password',
      good.replace('passwordEnv: PW', 'sudo_password: x'),
      /Line 5, column 5: “sudo_password”.*passwordEnv/,
    ],
    [
      'an unknown key',
      good.replace('passwordEnv: PW', 'adress: x'),
      /Line 5, column 5: “adress” is not a key/,
    ],
    ['an unknown key at the top', `${good}extra: 1\n`, /Line 11, column 1: “extra” is not a key/],
    [
      'a missing user',
      good.replace('    user: nvidia\n    passwordEnv', '    passwordEnv'),
      /Line 2, column 5: “user” is missing/,
    ],
    ['a port as text', good.replace('2222', '"22"'), /Line 8, column 11: “port”/],
    ['a port out of range', good.replace('2222', '70000'), /Line 8, column 11: “port” is not a port/],
    [
      'a user that is a number',
      good.replace('user: nvidia\n    passwordEnv', 'user: 1000\n    passwordEnv'),
      /Line 4, column 11: “user”.*text is needed/,
    ],
    [
      'a host with a space',
      good.replace('10.0.0.1', '"10.0.0.1 -oProxyCommand=x"'),
      /“host” is not a host name/,
    ],
    ['a host that is an option', good.replace('10.0.0.1', '-oProxyCommand=x'), /“host” is not a host name/],
    ['a name with a slash', good.replace('name: spark-1', 'name: ../x'), /“name” is not a usable name/],
    ['a fingerprint cut short', good.replace('+Yy3i/r3ed0', ''), /“hostKey” is not a fingerprint/],
    [
      'a password where a variable’s name belongs',
      good.replace('PW', '"p w!"'),
      /“passwordEnv” is not the name/,
    ],
    [
      'the same name twice',
      good.replace('spark-2\n', 'spark-1\n'),
      /Line 6, column 11: both nodes are called “spark-1”/,
    ],
    ['three nodes', `${good}  - {name: c, host: c, user: u}\n`, /exactly two nodes/],
    ['one node', 'nodes: [{name: a, host: a, user: u}]', /exactly two nodes/],
    ['no nodes', 'cluster: 1', /“cluster” is not a key|“nodes” is missing/],
    ['an empty file', '', /has the wrong kind|“nodes”/],
    ['a list', '- a', /wrong kind/],
    ['broken YAML', 'nodes: [', /Line 1, column \d+: this is not YAML/],
    ['a key twice', good.replace('passwordEnv: PW', 'host: x'), /Line 5, column 5: this is not YAML/],
    ['something huge', `#${'x'.repeat(70_000)}`, /far too large/],
  ])('refuses %s', async (_what, text, expected) => {
    const said = await refusal(text);
    expect(said.join('\n')).toMatch(expected);
    expect(said.join('\n')).not.toMatch(/cli\.cluster|\?/);
  });

  it('tells every problem at once', async () => {
    const text = good.replace('passwordEnv: PW', 'password: x').replace('2222', '0');
    expect(await refusal(text)).toHaveLength(2);
  });

  it('does not repeat a password that stands in the file', async () => {
    expect((await refusal(good.replace('passwordEnv: PW', 'password: hunter2'))).join()).not.toContain(
      'hunter2',
    );
  });

  describe('on disk', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'twinspark-cluster-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    it('makes identityFile absolute: ~ is home, a relative path starts at the file', async () => {
      const file = path.join(folder, 'cluster.yaml');
      writeFileSync(
        file,
        good
          .replace('passwordEnv: PW', 'identityFile: ~/.ssh/id')
          .replace('port: 2222', 'identityFile: keys/id'),
      );
      const [first, second] = await readClusterFile(file, '/home/me');
      expect(first.identityFile).toBe(path.resolve('/home/me/.ssh/id'));
      expect(second.identityFile).toBe(path.join(folder, 'keys/id'));
    });

    it('says when it is not there', async () => {
      await expect(readClusterFile(path.join(folder, 'nope'), '/')).rejects.toMatchObject({
        info: { code: 'BAD_CLUSTER_FILE', causes: [{ cause: { params: { reason: 'ENOENT' } } }] },
      });
    });
  });
});
