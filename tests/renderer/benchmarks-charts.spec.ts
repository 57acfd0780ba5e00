import { readFile } from 'node:fs/promises';
import type { Locator } from '@playwright/test';
import { connected } from './fixtures/nodes';
import { history } from './fixtures/bench-history';
import { ncclSweep, records, writeBoth } from './fixtures/bench-records';
import { openHistory, openRecord } from './benchmarks-steps';
import { axe, shot } from './looks';
import { openView } from './playbook-steps';
import { expect, test } from './stage';

const at = (id: string) => history.findIndex((one) => one.id === id);
/** Something else than the ground has been drawn. */
const drawn = (canvas: Locator) =>
  canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const pixels = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data;
    return new Set(pixels?.filter((_, index) => index % 4 === 3)).size > 1;
  });

test('a graph says in words what it shows, and has the same in a table', async ({ page, stage }) => {
  await openHistory(page, stage, history, records);
  await openRecord(page, at(ncclSweep.id));
  const figure = page.getByRole('group', { name: '23.97 GB/s over both halves: healthy' });
  const graph = figure.getByRole('img', { name: /^23.97 GB\/s over both halves: healthy\./ });
  await expect(graph).toHaveAccessibleName(/Out of place: 18.39 GB\/s at 512 MiB, 23.74 GB\/s at 16 GiB/);
  await expect(graph).toHaveAccessibleName(/Healthy at 16 GiB: 21.88–24.2 GB\/s\./);
  await expect.poll(() => drawn(graph)).toBe(true);
  await figure.getByRole('button', { name: 'Table' }).focus();
  await page.keyboard.press('Enter');
  const table = figure.getByRole('table');
  await expect(table.getByRole('columnheader')).toHaveText([
    'Message size',
    'Out of place (GB/s)',
    'In place (GB/s)',
  ]);
  await expect(table.getByRole('row').last()).toHaveText(/16 GiB\s*23.74\s*24.2/);
  await page.keyboard.press('Enter');
  await expect(graph).toBeVisible();
});

test('arrow keys read the points of a graph', async ({ page, stage }) => {
  await openHistory(page, stage, history, records);
  await openRecord(page, at(ncclSweep.id));
  const graph = page.getByRole('img', { name: /^23.97 GB\/s/ });
  await expect.poll(() => drawn(graph)).toBe(true);
  await graph.focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('512 MiB. Out of place: 18.39 GB/s, In place: 19.48 GB/s')).toBeAttached();
  await page.keyboard.press('End');
  await expect(page.getByText('16 GiB. Out of place: 23.74 GB/s, In place: 24.2 GB/s')).toBeAttached();
  await shot(page, stage, 'bench-chart-points');
});

test('what is drawn can be saved: rows, data and a picture of its own', async ({ page, stage }) => {
  await openHistory(page, stage, history, records);
  await openRecord(page, at(ncclSweep.id));
  const figure = page.getByRole('group', { name: '23.97 GB/s over both halves: healthy' });
  const save = async (type: string) => {
    const waiting = page.waitForEvent('download');
    await figure.getByRole('button', { name: `Save as ${type}` }).click();
    const download = await waiting;
    return { name: download.suggestedFilename(), data: await readFile(await download.path()) };
  };
  const csv = await save('CSV');
  expect(csv.name).toBe('twinspark-nccl-both-spark-5c2d-spark-bd26-20261120T080000Z.csv');
  const lines = csv.data.toString().split('\r\n');
  expect(lines[0]).toBe('Message size (B),Out of place (GB/s),In place (GB/s)');
  expect(lines[1]).toBe('536870912,18.39,19.48');
  const data = JSON.parse((await save('JSON')).data.toString()) as Record<string, unknown>;
  expect(data).toMatchObject({ y: { unit: 'GB/s' }, healthy: { from: 21.875, to: 24.2 } });
  const { data: picture } = await save('PNG');
  expect(picture.subarray(1, 4).toString()).toBe('PNG');
  // Twice 960 px wide, whatever the window is.
  expect(picture.readUInt32BE(16)).toBe(1920);
});

test('what the links carry is drawn while it runs, without a jump', async ({ page, stage }) => {
  const bench = (count: number) => ({
    suite: null,
    last: null,
    failure: null,
    running: {
      id: writeBoth.id,
      request: writeBoth.request,
      startedAt: writeBoth.startedAt,
      phase: 'measuring' as const,
      cancelling: false,
      expectedSeconds: 12,
      parts: [],
      samples: writeBoth.samples.slice(0, count),
    },
  });
  await stage.open({ ...connected, bench: bench(1) });
  await openView(page, 'benchmarks');
  await page.getByRole('tab', { name: 'Single test' }).click();
  const graph = page.getByRole('img', { name: /^What the links carry\./ });
  await expect.poll(() => drawn(graph)).toBe(true);
  const before = await graph.boundingBox();
  for (let count = 2; count <= writeBoth.samples.length; count++) stage.push('bench', bench(count));
  await expect(graph).toHaveAccessibleName(/Half A, enp1…, spark-5c2d → spark-bd26: .* at 12 s/);
  expect(await graph.boundingBox()).toEqual(before);
  await axe(page, stage);
  await shot(page, stage, 'bench-chart-live');
});
