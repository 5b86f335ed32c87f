import { parentPort } from 'node:worker_threads';

import { Engine, HunterError } from 'hunter-leads';

const engine = new Engine();
const signals = { spf: true, dkim: true, dmarc_policy: null };
let sum = 0;
for (let nth = 0; nth < 2000; nth += 1) {
  sum += engine.score('Google', signals, ['1 aspmx.l.google.com']).score;
}
try {
  engine.segment(1, '?');
} catch (error) {
  parentPort.postMessage({ sum, code: error.code, refusal: error instanceof HunterError });
}
