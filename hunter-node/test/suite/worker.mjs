import { parentPort } from 'node:worker_threads';

import { Engine, HunterError } from 'hunter-leads';

const engine = new Engine();
const signals = { spf: true, dkim: true, dmarc_policy: null };
let sum = 0;
for (let nth = 0; nth < 2000; nth += 1) {
  sum += engine.score('Google', signals, ['1 aspmx.l.google.com']).score;
}
// Two batches of a thread at once.
const rows = Array.from({ length: 500 }, () => '1 aspmx.l.google.com');
const batches = await Promise.all([engine.classifyBatch(rows), engine.classifyBatch(rows, { threads: 2 })]);
sum += batches.flat().filter(({ provider }) => provider === 'Google').length;
try {
  engine.segment(1, '?');
} catch (error) {
  parentPort.postMessage({ sum, code: error.code, refusal: error instanceof HunterError });
}
