// Loaded into the app by `--import`: kills it with SIGKILL as soon as its Nth write to disk is durable.
import { open } from 'node:fs/promises';

const limit = Number(process.env['TWINSPARK_TEST_KILL_AT']);
const handle = await open(process.execPath);
const prototype = Object.getPrototypeOf(handle);
await handle.close();

const sync = prototype.sync;
let count = 0;
prototype.sync = async function () {
  await sync.call(this);
  count += 1;
  if (count === limit) process.kill(process.pid, 'SIGKILL');
};
