// What Node adds to the operations: copies, objects and texts, threads, memory.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { Engine } from 'hunter-leads';

import { camelCase, catalogue, moment } from './support.mjs';

const engine = new Engine();

/** Everything within a value that is not frozen. */
function unfrozen(value, place = 'answer') {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([name, held]) => unfrozen(held, `${place}.${name}`));
  return Object.isFrozen(value) ? inner : [place, ...inner];
}

test('answers are frozen, with all that they hold', () => {
  for (const operation of catalogue.operations) {
    const values = operation.arguments.map(({ name }) => operation.example[name]);
    assert.deepEqual(unfrozen(engine[camelCase(operation.name)](...values)), [], operation.name);
  }
  const first = engine.score('Google', { spf: true }, ['1 aspmx.l.google.com'], 'ornek.com.tr');
  assert.deepEqual(unfrozen(first), []);
  const wanted = structuredClone(first);
  assert.throws(() => { first.score = 0; }, TypeError);
  assert.throws(() => { first.breakdown.signal_points.spf = 0; }, TypeError);
  assert.deepEqual(engine.score('Google', { spf: true }, ['1 aspmx.l.google.com'], 'ornek.com.tr'), wanted);
});

test('facts that differ have answers that differ', () => {
  const score = (...args) => engine.score(...args);
  const mx = ['mx.ornek.com'];
  assert.deepEqual(score('Google', {}, null).scan_status, 'not_observed');
  assert.equal(score('Google', { spf: true }, []).score, 0);
  assert.equal(score('Google', { spf: true }, ['']).score > 0, true);
  assert.deepEqual(score('Google', { dmarc_policy: null }, mx).unknown, ['spf', 'dkim']);
  assert.deepEqual(score('Google', { spf: null }, mx).unknown, ['spf', 'dkim', 'dmarc']);
  assert.deepEqual(score(null, {}, mx).unknown, ['provider', 'spf', 'dkim', 'dmarc']);
  assert.equal(score('Unknown', {}, mx).unknown.includes('provider'), false);
  const domain = (text) => score('Google', {}, mx, text).domain;
  assert.deepEqual(['ORNEK.com.tr', 'ornek.com', undefined].map(domain), ['ornek.com.tr', 'ornek.com', null]);
  assert.equal(score('Google', { dmarc_policy: 'REJECT' }, mx).score, score('Google', { dmarc_policy: 'reject' }, mx).score);
});

test('an observation is an object or JSON text', () => {
  const observation = {
    v: 1,
    domain: 'ornek.com.tr',
    observed_at: moment,
    answers: [{ name: 'ornek.com.tr', type: 'MX', state: 'found', records: ['1 aspmx.l.google.com'] }],
  };
  const lead = { company: 'Örnek', seats: 40 };
  const text = JSON.stringify(observation, null, 2);
  assert.deepEqual(engine.assess(text), engine.assess(observation));
  assert.deepEqual(engine.assess(text, lead, '2026-11-30'), engine.assess(observation, lead, '2026-11-30'));
  const row = engine.assess(text, lead);
  assert.equal(row.provider, 'Google');
  const day = [lead, 'en', '2026-11-24'];
  assert.deepEqual(engine.explain(text, ...day), engine.explain(observation, ...day));
  assert.deepEqual(engine.salesSummary(row, ...day), engine.explain(text, ...day).sales);
});

test('signals hash the same as an object and as text', () => {
  for (const [signals, text] of [
    [{ spf: true, dkim: false, dmarc_policy: null }, '{"dmarc_policy":null,"dkim":false,"spf":true}'],
    [{ a: NaN, b: [Infinity, -Infinity, -0], c: 1e300 }, '{"a":NaN,"b":[Infinity,-Infinity,-0.0],"c":1e300}'],
    [{ n: 18446744073709551615n, left: undefined }, '{"n":18446744073709551615}'],
    [{ 'İ': '\ud83d\ude00', half: '\ud800' }, '{"İ":"\ud83d\ude00","half":"\ud800"}'],
    [['a', { b: [] }], '["a",{"b":[]}]'],
  ]) {
    assert.equal(engine.signalsCanonical(signals), engine.signalsCanonical(text));
    assert.equal(engine.signalsHash(signals), engine.signalsHash(text));
  }
  assert.equal(engine.signalsHash({ spf: true, dkim: false, dmarc_policy: null }), '89401714798d1fb6');
  assert.equal(engine.signalsCanonical('"\ud800"'), '"\\ud800"');
});

test('every worker thread has an engine', async () => {
  const file = fileURLToPath(new URL('worker.mjs', import.meta.url));
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => new Promise((resolve, reject) => {
      const worker = new Worker(file);
      let answer;
      worker.on('message', (message) => { answer = message; });
      worker.on('error', reject);
      worker.on('exit', (code) => (code === 0 ? resolve(answer) : reject(new Error(`exit ${code}`))));
    })),
  );
  const wanted = { sum: 70 * 2000 + 1000, code: 'unknown_word', refusal: true };
  assert.deepEqual(answers, answers.map(() => wanted));
});

test('a million calls and a thousand engines leave the memory as it was', () => {
  const file = fileURLToPath(new URL('memory.mjs', import.meta.url));
  const output = execFileSync(process.execPath, ['--expose-gc', file], { encoding: 'utf8' });
  const { calls, refusals, batches, engines } = JSON.parse(output);
  // What the allocator keeps for itself moves by a few; a leak of 16 bytes a call would be 16.
  assert.ok(calls < 12, `a million calls took ${calls} MiB`);
  assert.ok(refusals < 12, `refusals took ${refusals} MiB`);
  // One batch makes a hundred kilobytes of columns, and more of rows.
  assert.ok(batches < 12, `a hundred batches took ${batches} MiB`);
  // One engine of files weighs megabytes, and a hundred of the thousand are such.
  assert.ok(engines < 20, `a thousand engines took ${engines} MiB`);
});
