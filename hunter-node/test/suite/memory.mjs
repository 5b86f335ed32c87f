// Prints by how many MiB the process grew: over a million calls, twenty-five
// thousand refusals, a hundred batches of a thousand rows, and a thousand engines.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Engine } from 'hunter-leads';

const rules = readFileSync(join(process.env.HUNTER_ROOT, 'hunter-core', 'data', 'rules', 'classic.toml'), 'utf8');
const engine = new Engine();
const signals = { spf: true, dkim: true, dmarc_policy: 'reject', spf_record: 'v=spf1 include:a.com -all' };
const mx = ['1 aspmx.l.google.com', '5 alt1.aspmx.l.google.com'];

function call(nth) {
  engine.score('Google', signals, mx, 'ornek.com.tr');
  engine.segment(nth % 101, 'Google');
  engine.priorityScore('Migration', nth % 101);
  engine.commercial('Migration', 'Google', nth % 101);
  if (nth % 20 === 0) engine.parseSpf('v=spf1 include:_spf.google.com ~all');
}

function refuse() {
  try {
    engine.segment(1, '?');
  } catch {
    // It is refused each time.
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function settled() {
  for (let nth = 0; nth < 5; nth += 1) {
    gc();
    await turn();
  }
  return process.memoryUsage().rss / 2 ** 20;
}

/** How much the process grows over the work, after a first part that fills caches and pools. */
async function growth(first, all, work) {
  for (let nth = 0; nth < first; nth += 1) await work(nth);
  const before = await settled();
  for (let nth = 0; nth < all; nth += 1) await work(nth);
  return Math.round(((await settled()) - before) * 10) / 10;
}

const THOUSAND = 1000;
const calls = await growth(50, 250, () => {
  for (let nth = 0; nth < THOUSAND; nth += 1) call(nth);
});
const refusals = await growth(5, 25, () => {
  for (let nth = 0; nth < THOUSAND; nth += 1) refuse();
});
const rows = Array.from({ length: 1000 }, (_, nth) => ({ provider: 'Google', spf: true, domain: `a${nth}.com`, mx_records: mx }));
const batches = await growth(20, 100, async () => {
  await engine.scoreBatch(rows, { threads: 2 });
  await engine.scoreBatch(new Uint8Array(1000)).catch(() => undefined);
});
const engines = await growth(THOUSAND, THOUSAND, async (nth) => {
  const made = nth % 10 === 0 ? Engine.fromTexts({ 'rules.toml': rules }) : new Engine();
  made.segment(1, 'Google');
  // Engines are freed between turns of the event loop.
  await turn();
});
console.log(JSON.stringify({ calls, refusals, batches, engines }));
