// A scan in a worker thread, of what it is given; told to, it is left in the middle of it.

import { parentPort, workerData } from 'node:worker_threads';

import { scan } from 'hunter-leads';

const { domains, options, after } = workerData;
const seen = [];
for await (const one of scan(domains, options)) {
  seen.push(one.domain);
  if (seen.length === after) break;
}
parentPort.postMessage(seen);
