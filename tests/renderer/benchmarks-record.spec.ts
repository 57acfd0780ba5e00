import { history, daily, dailyHistory } from './fixtures/bench-history';
import {
  ncclSweep,
  ncclTcp,
  oneHalfDead,
  pings,
  records,
  refused,
  tcpStreams,
  writeBoth,
  writeLatency,
} from './fixtures/bench-records';
import { openHistory, openRecord } from './benchmarks-steps';
import { axe, shot } from './looks';
import { expect, test } from './stage';

const at = (id: string) => history.findIndex((one) => one.id === id);

test('a result says what it is worth, and which links carried it', async ({ page, stage }) => {
  await openHistory(page, stage, history, records);
  await openRecord(page, at(writeBoth.id));
  const result = page.getByRole('article', { name: '189.9 Gb/s over both halves: healthy' });
  await expect(
    result.getByText('0.3% below the median of 8 earlier runs of this pair (190.4 Gb/s).'),
  ).toBeVisible();
  const proof = result.getByRole('region', { name: 'Which links carried the bytes' });
  await expect(proof.getByRole('row', { name: /^enp1s0f1np1 .* Carried it/ })).toHaveCount(2);
  await expect(proof.getByRole('row', { name: /^enP2p1s0f1np1 .* Carried it/ })).toHaveCount(2);
  await expect(proof.getByRole('row', { name: /^enp1s0f0np0 .* Idle, as it should be/ })).toHaveCount(2);
  await expect(result.getByRole('group', { name: 'On spark-bd26' }).first()).toContainText(
    'ib_write_bw -d rocep1s0f1',
  );
  // The output of the tool is folded.
  await expect(result.getByText('RDMA_Write BW Test')).toHaveCount(0);
  await result.getByText('What the tool printed').click();
  await expect(result.getByText('RDMA_Write BW Test')).toBeVisible();
});

test('a half that carried nothing is named, with what helps', async ({ page, stage }) => {
  await openHistory(page, stage, history, records);
  await openRecord(page, at(oneHalfDead.id));
  const result = page.getByRole('article', { name: '92.57 Gb/s over both halves: bad' });
  await expect(result.getByText(/Only one half of the port was used/)).toBeVisible();
  await expect(result.getByText(/Name both halves/)).toBeVisible();
  const proof = result.getByRole('region', { name: 'Which links carried the bytes' });
  await expect(
    proof.getByRole('row', { name: /^enP2p1s0f1np1 .* Carried nothing, but was meant to/ }),
  ).toHaveCount(2);
});

test('a result below the past of its pair says so', async ({ page, stage }) => {
  await openHistory(page, stage, dailyHistory, daily);
  const result = page.getByRole('article', { name: '71.4 Gb/s over half A: suspicious' });
  await expect(
    result.getByText('22.9% below the median of 9 earlier runs of this pair (92.57 Gb/s).'),
  ).toBeVisible();
  await expect(result.getByText('This is more than the usual scatter.')).toBeVisible();
});

test('a measurement that failed says why and what to do', async ({ page, stage }) => {
  await openHistory(page, stage, history, records);
  await openRecord(page, at(refused.id));
  await expect(page.getByRole('heading', { name: 'The test over half B failed' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('The connection to the node broke off.');
});

const looked = { writeBoth, ncclSweep, ncclTcp, writeLatency, pings, tcpStreams, oneHalfDead, refused };
for (const [name, record] of Object.entries(looked)) {
  test(`result, ${name}`, async ({ page, stage }) => {
    await openHistory(page, stage, history, records);
    await openRecord(page, at(record.id));
    await expect(page.getByText(record.id)).toBeAttached();
    await axe(page, stage);
    await shot(page, stage, `bench-record-${name}`);
    await page.getByRole('region', { name: 'What the nodes were like' }).scrollIntoViewIfNeeded();
    await shot(page, stage, `bench-record-${name}-below`);
  });
}
