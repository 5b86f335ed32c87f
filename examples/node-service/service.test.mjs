// The service over HTTP, as its callers see it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';

import { Engine } from 'hunter-leads';

import { service } from './service.mjs';

const engine = new Engine();
const server = service(engine);
let base;

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());

async function post(path, given) {
  const body = typeof given === 'string' ? given : JSON.stringify(given);
  const response = await fetch(base + path, { method: 'POST', body });
  const text = await response.text();
  return { status: response.status, text, json: () => JSON.parse(text) };
}

const OBSERVATION = {
  v: 1,
  domain: 'ornek.com.tr',
  observed_at: '2026-11-24T09:30:00Z',
  answers: [{ name: 'ornek.com.tr', type: 'MX', state: 'found', records: ['1 aspmx.l.google.com'] }],
};

test('a lead is scored', async () => {
  const request = { provider: 'Google', signals: { spf: true }, mx_records: ['1 aspmx.l.google.com'] };
  const { status, json } = await post('/score', request);
  assert.equal(status, 200);
  assert.deepEqual(json(), engine.score(request.provider, request.signals, request.mx_records));
});

test('an observation is assessed and explained', async () => {
  const lead = { seats: 40 };
  const assessed = await post('/assess', { observation: OBSERVATION, lead });
  assert.deepEqual(assessed.json(), engine.assess(OBSERVATION, lead));
  const day = { locale: 'en', today: '2026-11-24' };
  const explained = await post('/explain', { observation: OBSERVATION, lead, ...day });
  assert.deepEqual(explained.json(), engine.explain(OBSERVATION, lead, day.locale, day.today));
});

test('a batch gives a line for each line, and a faulty one says why', async () => {
  const line = JSON.stringify(OBSERVATION);
  const { status, text } = await post('/assess/batch', `${line}\n{"v": 1}\n${line}\n`);
  assert.equal(status, 200);
  const rows = text.trimEnd().split('\n').map((row) => JSON.parse(row));
  assert.deepEqual(rows.map(({ provider }) => provider), ['Google', null, 'Google']);
  assert.match(rows[1].error, /^observation_syntax: /);
});

test('what cannot be answered is refused by code', async () => {
  const refused = async (status, code, path, given) => {
    const found = await post(path, given);
    assert.deepEqual([found.status, found.json().code], [status, code], found.text);
  };
  await refused(422, 'unknown_word', '/score', { provider: 'Gogle', mx_records: [] });
  await refused(422, 'domain_bad_character', '/score', { domain: 'firma,com' });
  await refused(422, 'locale_unknown', '/explain', { observation: OBSERVATION, locale: 'xx' });
  await refused(422, 'argument_invalid', '/assess', {});
  await refused(400, 'request_json', '/score', '{');
  await refused(400, 'request_json', '/score', 'null');
  await refused(404, 'not_found', '/nothing', {});
  await refused(413, 'request_too_large', '/score', ' '.repeat(17 * 1024 * 1024));
  assert.deepEqual(await (await fetch(`${base}/health`)).json(), { status: 'ok' });
});

test('single rows are answered while a batch is done', async () => {
  const lines = Array.from({ length: 3000 }, () => JSON.stringify(OBSERVATION)).join('\n');
  const order = [];
  const batch = post('/assess/batch', lines).then(() => order.push('batch'));
  const request = { provider: 'Google', mx_records: ['1 aspmx.l.google.com'] };
  for (let nth = 0; nth < 3; nth += 1) {
    assert.equal((await post('/score', request)).status, 200);
    order.push('score');
  }
  await batch;
  assert.equal(order[0], 'score');
});
