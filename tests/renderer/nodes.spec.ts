import {
  candidates,
  connected,
  connecting,
  failed,
  found,
  nodeCard,
  practice,
  reading,
  searching,
} from './fixtures/nodes';
import { sparkFacts, unknown, known, ports } from './fixtures/facts';
import { axe, shot } from './looks';
import { expect, test } from './stage';

test('teaches at first what to do, with one next step', async ({ page, stage }) => {
  await stage.open();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose your two Sparks');
  await axe(page, stage);
  await shot(page, stage, 'welcome');
  await page.getByRole('button', { name: 'Find my Sparks' }).click();
  await stage.asked('discovery.start', {});
});

test('one click leads to the practice pair', async ({ page, stage }) => {
  await stage.open();
  await page.getByRole('button', { name: 'Try it on a practice pair' }).click();
  await stage.asked('practice.start', {});
  stage.push('practice', { state: 'starting', faults: [] });
  await expect(page.getByRole('button', { name: 'Starting the practice pair…' })).toHaveAttribute(
    'aria-busy',
    'true',
  );
  stage.change(practice);
  await expect(page.getByText('Nothing here is real')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Choose a playbook' })).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'practice');
});

test('shows machines as they are found', async ({ page, stage }) => {
  await stage.open(searching);
  await expect(page.getByText('listening to the network for 10 sec')).toBeVisible();
  await expect(page.getByRole('button', { name: 'spark-5c2d' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'spark-bd26' })).toBeHidden();
  stage.change(found);
  await expect(page.getByRole('button', { name: 'spark-bd26' })).toBeVisible();
  await expect(page.getByText('3 machines')).toBeVisible();
});

test('says what to do when nothing was found', async ({ page, stage }) => {
  await stage.open({ discovery: { ...found.discovery, candidates: [] } });
  await expect(page.getByText('No machine has announced itself')).toBeVisible();
});

test('connects two found machines, one user name for both', async ({ page, stage }) => {
  await stage.open(found);
  await page.getByRole('button', { name: 'spark-5c2d' }).click();
  await page.getByRole('button', { name: 'spark-bd26' }).click();
  await expect(page.getByRole('button', { name: 'lab-spark' })).toBeDisabled();
  await page.getByLabel('User name on the node').first().fill('nvidia');
  await expect(page.getByLabel('User name on the node').last()).toHaveValue('nvidia');
  await axe(page, stage);
  await shot(page, stage, 'chosen');
  await page.getByRole('button', { name: 'Connect both' }).click();
  await stage.asked('pair.choose', {
    nodes: [
      { from: 'candidate', candidate: 'c1', user: 'nvidia' },
      { from: 'candidate', candidate: 'c2', user: 'nvidia' },
    ],
  });
});

test('takes the user from ~/.ssh/config and another one for the second node', async ({ page, stage }) => {
  await stage.open(found);
  await page.getByRole('button', { name: 'lab-spark' }).click();
  const second = page.getByRole('region', { name: 'Node 2' });
  await second.getByLabel('Name or address').fill('nvidia@10.20.0.8:2200');
  await second.getByLabel('Name or address').blur();
  await expect(second.getByLabel('Name or address')).toHaveValue('10.20.0.8');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Connect both' }).click();
  await stage.asked('pair.choose', {
    nodes: [
      { from: 'candidate', candidate: 'c3' },
      { from: 'hand', host: '10.20.0.8', port: 2200, user: 'nvidia' },
    ],
  });
});

test('says what is missing and what is wrong, and asks main nothing', async ({ page, stage }) => {
  await stage.open();
  const first = page.getByRole('region', { name: 'Node 1' });
  const second = page.getByRole('region', { name: 'Node 2' });
  await first.getByLabel('Name or address').fill('spark.local');
  await second.getByLabel('Name or address').fill('SPARK.local.');
  await second.getByLabel('Port').fill('70000');
  await page.getByRole('button', { name: 'Connect both' }).click();
  await expect(first.getByText('This is needed.')).toBeVisible();
  await expect(second.getByText('1 to 65535')).toBeVisible();
  await second.getByLabel('Port').fill('22');
  await expect(second.getByText('Both are the same machine')).toBeVisible();
  await shot(page, stage, 'choice-troubles');
  expect(stage.questions.filter(({ method }) => method === 'pair.choose')).toEqual([]);
});

test('shows how far the connection is, and what it waits for', async ({ page, stage }) => {
  await stage.open(connecting);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Connecting to both nodes');
  await expect(page.getByText('Logging in…')).toHaveCount(2);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await stage.asked('pair.disconnect', {});
  await axe(page, stage);
  await shot(page, stage, 'connecting');
});

test('shows facts of both side by side, with what differs and what is unknown', async ({ page, stage }) => {
  await stage.open(reading);
  await expect(page.getByText('Reading…').first()).toBeVisible();
  stage.push('facts', {
    ...connected.facts,
    node2: sparkFacts('spark-bd26', {
      kernel: known({ release: '6.11.0-1016-nvidia', arch: 'aarch64' }, 'uname -rm'),
      gpus: unknown('command-missing', 'nvidia-smi', 'nvidia-smi: not found'),
      ports: known(ports({ a: true, b: false }), 'ibdev2netdev'),
      sudo: known('denied', 'sudo -n true'),
    }),
  });
  const table = page.getByRole('table');
  await expect(table.getByRole('row', { name: /^Kernel/ })).toContainText('differs');
  await expect(table.getByRole('row', { name: /^Release/ })).not.toContainText('differs');
  await expect(table.getByRole('row', { name: /^Driver/ })).toContainText(
    'unknown: the tool for it is not installed',
  );
  await expect(table.getByRole('row', { name: /^Fast port 1/ })).toContainText('Half A: up, 200 Gb/s');
  await expect(table.getByRole('row', { name: /^Disk/ })).toContainText('3.2 TiB free of 3.6 TiB');
  await expect(page.getByRole('img', { name: 'half B up at one end only' })).toBeVisible();
  await page.getByText('Where this comes from').click();
  await expect(page.getByText('ibdev2netdev').first()).toBeVisible();
  await axe(page, stage);
  await shot(page, stage, 'facts');
  await page.getByRole('button', { name: 'Choose a playbook' }).click();
  await expect(page.getByRole('button', { name: 'Playbooks', exact: true })).toHaveAttribute(
    'aria-current',
    'page',
  );
});

test('says cause and remedy of a failed login beside the node, and tries again', async ({ page, stage }) => {
  await stage.open(failed);
  const node = page.getByRole('region', { name: 'spark-bd26' });
  await expect(node).toContainText('refused the login as nvidia');
  await expect(node).toContainText('ssh nvidia@spark-bd26.local');
  await axe(page, stage);
  await shot(page, stage, 'failed');
  await page.getByRole('button', { name: 'Try again' }).click();
  await stage.asked('pair.connect', {});
});

test('shows what a node calls itself as text only', async ({ page, stage }) => {
  const name = '<img src=x onerror=alert(1)>\u001b[31m\u202e';
  const nodes = [nodeCard('node1', { name }), nodeCard('node2')] as const;
  await stage.open({
    ...connected,
    pair: { practice: false, nodes: [...nodes] },
    discovery: { ...found.discovery, candidates: [{ ...candidates[0]!, name }] },
  });
  await expect(page.getByRole('table').getByText('<img src=x onerror=alert(1)>')).toBeVisible();
  await expect(page.locator('main img')).toHaveCount(0);
  await expect(page.locator('main')).not.toContainText('\u202e');
});

test('switches faults of the practice pair on and off', async ({ page, stage }) => {
  await stage.open(practice);
  await page.getByRole('button', { name: 'Break something…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('switch').first().click();
  await stage.asked('practice.fault', { fault: 'cable-out', on: true });
  stage.push('practice', {
    ...practice.practice,
    faults: practice.practice.faults.map((fault) => ({ ...fault, on: fault.id === 'cable-out' })),
  });
  await expect(dialog.getByRole('switch').first()).toHaveAttribute('aria-checked', 'true');
  await axe(page, stage);
  await shot(page, stage, 'faults');
  await dialog.getByRole('button', { name: 'Switch all off' }).click();
  await stage.asked('practice.fault', { fault: 'cable-out', on: false });
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: '1 fault is on…' })).toBeFocused();
});
