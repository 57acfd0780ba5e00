import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { App, type Running } from './app';
import { equip, repositories } from './cuda-stand-in';
import { expectExit } from './expect';
import { Lab } from './lab';
import { sides } from './plan';
import { skipped } from './skipped';

const home = '/home/nvidia';
const settings = (version = 'v1') =>
  [
    `nccl.repository=${repositories.nccl}`,
    `nccl.version=${version}`,
    `nccl-tests.repository=${repositories['nccl-tests']}`,
    'nccl-tests.version=v1',
  ].flatMap((setting) => ['--set', setting]);
const apply = (version?: string) => ['apply', 'nccl', '--yes', ...settings(version)];

/** The playbook on a pair that Connect Two Sparks has joined; what it leaves must be what it found. */
describe.skipIf(skipped())('nccl', () => {
  let lab: Lab;
  let joined: App;
  let app: App;
  let before: string[];

  const both = (script: string) => Promise.all(sides.map((side) => lab.sh(side, script)));
  /** Files of both nodes and what dpkg knows. */
  const picture = async () => [
    ...(await Promise.all(
      sides.map(async (side) => {
        await lab.settled(side);
        const { files } = await lab.diff(side);
        return files
          .filter(({ path }) => !path.startsWith('/var/lib/dpkg/') && !path.startsWith('/var/lib/apt/'))
          .map(({ path, kind, after }) => `${kind} ${path} ${JSON.stringify(after)}`)
          .join('\n');
      }),
    )),
    ...(await both(
      "dpkg-query -W -f='${Package} ${Version} ${Status}\\n'; apt-mark showauto; apt-mark showmanual",
    )),
  ];
  const printed = (running: Running, text: string) =>
    running.event((event) => event.type === 'log' && event.text.includes(text));
  /** Kills the app while both nodes compile. */
  const killInBuild = async () => {
    await both('touch /run/slow-compiler');
    const running = app.start(apply());
    await printed(running, 'Compiling part 3');
    running.child.kill('SIGKILL');
    await running.finished;
    await both('rm /run/slow-compiler');
  };

  beforeAll(async () => {
    lab = await Lab.up();
    joined = new App(lab);
    await equip(lab);
    expectExit(await joined.apply(), 0);
    before = await picture();
  }, 120_000);
  afterEach(() => app.clean());
  afterAll(async () => {
    joined.clean();
    await lab.down();
  });

  test('packages, clones, builds and settings: proven, a second time nothing to do, taken back to the byte', async () => {
    app = new App(lab);
    const first = await app.run(apply());
    expectExit(first, 0);
    expect(first.result).toMatchObject({ outcome: 'done' });
    for (const text of await both(
      `stat -c '%U %n' ${home}/twinspark-nccl/*; cat ${home}/twinspark-nccl.sh`,
    )) {
      expect(text).toContain(`nvidia ${home}/twinspark-nccl/nccl-build`);
      expect(text).toContain('export NCCL_SOCKET_IFNAME=enp1s0f1np1');
      expect(text).toContain('export NCCL_IB_HCA=rocep1s0f1,roceP2p1s0f1');
    }
    expect(first.said).toContain('"nccl.verify.measured"');

    const second = await app.run(apply());
    expectExit(second, 0);
    expect(second.result).toMatchObject({ outcome: 'nothing-to-do', changes: 0 });

    const refused = await app.rollback('--stage', 'nccl');
    expect(refused.result?.failure?.code).toBe('UNDO_ORDER');
    expectExit(await app.rollback(), 0);
    expect(await picture()).toEqual(before);
  });

  test('the compiler fails: told with cause and evidence, its stage is taken back, and all of it goes', async () => {
    app = new App(lab);
    const failed = await app.run(apply('broken'));
    expectExit(failed, 1);
    const failure = failed.result?.failure;
    expect(failure?.code).toBe('COMMAND_FAILED');
    expect(failure?.causes?.map(({ cause }) => cause.code)).toContain('change.cause.build-failed');
    expect(failure?.evidence).toContain('src/all.cu(3): error: #error directive: "of the test"');
    expect(await both(`ls -A ${home} | grep twinspark- || :`)).toEqual(['', '']);
    expectExit(await app.rollback(), 0);
    expect(await picture()).toEqual(before);
  });

  test('cancelled in the middle of the build: nothing runs on, and its stage is gone', async () => {
    app = new App(lab);
    await both('touch /run/slow-compiler');
    const running = app.start(apply());
    await printed(running, 'Compiling part 3');
    running.child.kill('SIGINT');
    const cancelled = await running.finished;
    expectExit(cancelled, 130);
    expect(await both('pgrep -x make; pgrep -x nvcc; rm /run/slow-compiler')).toEqual(['', '']);
    expect(await both(`ls -A ${home} | grep twinspark- || :`)).toEqual(['', '']);
    expectExit(await app.rollback(), 0);
    expect(await picture()).toEqual(before);
  });

  test('killed in the middle of the build: rolled back to the byte', async () => {
    app = new App(lab);
    await killInBuild();
    expectExit(await app.rollback(), 0);
    expect(await picture()).toEqual(before);
  });

  test('killed in the middle of the build: gone on with, to the end', async () => {
    app = new App(lab);
    await killInBuild();
    const again = await app.run(apply());
    expectExit(again, 0);
    expect(again.result).toMatchObject({ outcome: 'done' });
    expectExit(await app.rollback(), 0);
    expect(await picture()).toEqual(before);
  });

  test('what somebody has put into a build stays, and is named', async () => {
    app = new App(lab);
    expectExit(await app.run(apply()), 0);
    const mine = `${home}/twinspark-nccl/nccl-build/mine`;
    await lab.sh(2, `echo precious >${mine}`);
    const back = await app.rollback();
    expectExit(back, 6);
    expect(back.result?.drifted?.map(({ id }) => id)).toEqual(['nccl/spark-bd26/build']);
    expect(back.result?.drifted?.[0]?.difference).toContain('./mine');
    expect(await lab.sh(2, `cat ${mine}`)).toBe('precious\n');
    await lab.sh(2, `rm -r ${home}/twinspark-nccl`);
    expect(await picture()).toEqual(before);
  });
});
