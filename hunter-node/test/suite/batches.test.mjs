// Batches say what single calls say: as objects, as columns and as Arrow IPC.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  Bool, Field, List, RecordBatchReader, Table, Utf8, tableFromArrays, tableFromIPC, tableToIPC,
  vectorFromArray,
} from 'apache-arrow';
import { Engine, HunterError, valuesOf } from 'hunter-leads';

import { moment, vectors } from './support.mjs';

const engine = new Engine();

/** The golden vectors of `score` as rows of a batch, in which an absent record is the empty text. */
const SCORE = vectors('score.jsonl').map((line) => {
  const { provider, signals, mx_records, domain } = line.in;
  const { dmarc_policy, ...others } = signals;
  const policy = dmarc_policy === undefined ? null : (dmarc_policy ?? '');
  return { domain: domain ?? null, provider, ...others, dmarc_policy: policy, mx_records };
});

function single({ domain, provider, mx_records, dmarc_policy, ...signals }) {
  if (dmarc_policy !== null) signals.dmarc_policy = dmarc_policy === '' ? null : dmarc_policy;
  return engine.score(provider, signals, mx_records, domain);
}

const lists = new List(new Field('item', new Utf8(), true));

/** Rows as a table of Arrow, with the types of the specification. */
function table(rows, types) {
  const columns = Object.entries(types).map(([name, type]) => [
    name,
    vectorFromArray(rows.map((row) => row[name] ?? null), type),
  ]);
  return new Table(Object.fromEntries(columns));
}

const SCORE_TYPES = {
  domain: new Utf8(), provider: new Utf8(), spf: new Bool(), dkim: new Bool(), dmarc_policy: new Utf8(),
  spf_record: new Utf8(), mx_records: lists,
};

/** A table of Arrow as plain rows. */
function plain(found) {
  return found.toArray().map((row) =>
    Object.fromEntries(Object.entries(row.toJSON()).map(([name, value]) => [name, listed(value)])),
  );
}

const listed = (value) => (typeof value?.toArray === 'function' ? [...value] : value);

function rowsOfColumns(columns) {
  const values = Object.entries(columns).map(([name, column]) => [name, valuesOf(column)]);
  return values[0][1].map((_, row) => Object.fromEntries(values.map(([name, all]) => [name, all[row]])));
}

test('score: every golden vector, in all forms', async () => {
  const rows = await engine.scoreBatch(SCORE);
  assert.equal(rows.length, SCORE.length);
  rows.forEach((row, nth) => {
    const { error, ...ours } = row;
    assert.equal(error, null);
    const one = single(SCORE[nth]);
    for (const [name, value] of Object.entries(ours)) assert.deepEqual(value, one[name], name);
  });
  assert.ok(Object.isFrozen(rows) && Object.isFrozen(rows[0]));

  const names = Object.keys(SCORE_TYPES);
  const given = Object.fromEntries(names.map((name) => [name, SCORE.map((row) => row[name] ?? null)]));
  const columns = await engine.scoreBatch(given, { threads: 2 });
  assert.ok(columns.score.data instanceof Uint8Array && columns.score.kind === 'uint8');
  assert.deepEqual(rowsOfColumns(columns), [...rows]);

  for (const format of ['stream', 'file']) {
    const bytes = await engine.scoreBatch(tableToIPC(table(SCORE, SCORE_TYPES), format));
    assert.ok(bytes instanceof Uint8Array);
    const found = tableFromIPC(bytes);
    assert.deepEqual(
      found.schema.fields.map((field) => [field.name, String(field.type)]),
      [
        ['score', 'Uint8'], ['score_low', 'Uint8'], ['score_high', 'Uint8'], ['partial', 'Bool'],
        ['segment_certain', 'Bool'], ['segment', 'Utf8'], ['technical_heat', 'Utf8'],
        ['commercial_segment', 'Utf8'], ['commercial_heat', 'Utf8'], ['priority_category', 'Utf8'],
        ['priority_score', 'Uint8'], ['error', 'Utf8'],
      ],
    );
    assert.deepEqual(plain(found), [...rows]);
  }
});

test('score: typed arrays in the layout of Arrow', async () => {
  const encoder = new TextEncoder();
  const column = (texts) => {
    const parts = texts.map((text) => encoder.encode(text));
    const offsets = new Int32Array(texts.length + 1);
    parts.forEach((part, nth) => { offsets[nth + 1] = offsets[nth] + part.length; });
    return { kind: 'utf8', data: Buffer.concat(parts), offsets };
  };
  const mx = column(['1 aspmx.l.google.com', '5 alt1.aspmx.l.google.com']);
  const found = await engine.scoreBatch({
    provider: column(['Google', 'Google']),
    spf: { kind: 'bool', data: new Uint8Array([1, 1]), valid: new Uint8Array([1, 0]) },
    mx_records: { ...mx, kind: 'list', lists: new Int32Array([0, 2, 2]) },
  });
  assert.deepEqual(valuesOf(found.score), [
    engine.score('Google', { spf: true }, ['1 aspmx.l.google.com']).score,
    0,
  ]);
  // A column of an answer is a column that can be given.
  const again = await engine.scoreBatch({ provider: found.segment });
  assert.match(valuesOf(again.error)[0], /^unknown_word: /);
  const refused = async (code, columns) =>
    assert.rejects(engine.scoreBatch(columns), (error) => error instanceof HunterError && error.code === code);
  const text = { kind: 'utf8', data: encoder.encode('abc') };
  const offsets = (...places) => ({ provider: { ...text, offsets: new Int32Array(places) } });
  await refused('argument_invalid', offsets());
  await refused('argument_invalid', offsets(0, 4));
  await refused('argument_invalid', offsets(2, 1));
  await refused('argument_invalid', offsets(-1, 1));
  await refused('argument_invalid', { provider: { ...text, offsets: [0, 3] } });
  await refused('argument_invalid', { provider: { ...text, offsets: new Int32Array([0, 3]), valid: 1 } });
  await refused('column_length', { provider: { ...text, offsets: new Int32Array([0, 3]), valid: new Uint8Array(3) } });
  await refused('column_length', { provider: ['Google'], spf: [true, false] });
  await refused('column_type', { spf: { ...text, offsets: new Int32Array([0, 3]) } });
  await refused('argument_invalid', { provider: { kind: 'utf8', data: new Uint8Array([0xff]), offsets: new Int32Array([0, 1]) } });
  await refused('column_missing', {});
});

test('classify: hosts, records, unknown and none', async () => {
  const rows = [['1 aspmx.l.google.com'], null, [], 'mx1.ornek.iphmx.com', ['mail.ornek.com'], 'örnek'];
  const found = await engine.classifyBatch(rows);
  rows.forEach((row, nth) => {
    const { error, ...ours } = found[nth];
    assert.equal(error, null);
    if (row === null) {
      assert.ok(Object.values(ours).every((value) => value === null));
    } else {
      const one = engine.classifyMx(typeof row === 'string' ? [row] : row);
      for (const [name, value] of Object.entries(ours)) assert.deepEqual(value, one[name], name);
    }
  });
  // apache-arrow makes dictionaries of texts.
  const hosts = ['aspmx.l.google.com', 'mx1.ornek.iphmx.com', 'aspmx.l.google.com'];
  const dictionary = tableFromArrays({ host: hosts });
  const bytes = await engine.classifyBatch(tableToIPC(dictionary));
  assert.deepEqual(plain(tableFromIPC(bytes)), [...(await engine.classifyBatch(hosts))]);
  assert.deepEqual(rowsOfColumns(await engine.classifyBatch({ mx: hosts })), plain(tableFromIPC(bytes)));
});

const OBSERVATION = {
  v: 1,
  domain: 'ornek.com.tr',
  observed_at: moment,
  answers: [
    { name: 'ornek.com.tr', type: 'MX', state: 'found', records: ['10 mx1.ornek.iphmx.com'] },
    { name: 'ornek.com.tr', type: 'TXT', state: 'found', records: ['v=spf1 include:spf.protection.outlook.com -all'] },
  ],
  registration: { state: 'found', source: 'whois', expires: '2027-05-02', registrar: 'Örnek ş' },
};

test('assess: observations give the lead row, and faulty ones their fault', async () => {
  const wanted = engine.assess(OBSERVATION);
  assert.equal(wanted.expires_at, '2027-05-02');
  const text = JSON.stringify(OBSERVATION);
  for (const rows of [[text, '{', text], [OBSERVATION, { v: 1 }, OBSERVATION]]) {
    const [first, faulty, last] = await engine.assessBatch(rows);
    assert.deepEqual(first, { ...wanted, error: null });
    assert.deepEqual(last, first);
    assert.match(faulty.error, /^observation_syntax: /);
    assert.ok(Object.entries(faulty).every(([name, value]) => name === 'error' || value === null));
  }
  const columns = await engine.assessBatch({ observation: [text, null] });
  const [first, faulty] = rowsOfColumns(columns);
  assert.deepEqual(JSON.parse(first.evidence), wanted.evidence);
  assert.deepEqual([first.expires_at, first.scanned_at, first.registrar], ['2027-05-02', moment, 'Örnek ş']);
  assert.match(faulty.error, /^argument_missing: /);
  const bytes = await engine.assessBatch(tableToIPC(table([{ observation: text }], { observation: new Utf8() })));
  const [row] = plain(tableFromIPC(bytes));
  assert.deepEqual([row.domain, row.readiness_score, row.nameservers], [wanted.domain, wanted.readiness_score, []]);
  assert.equal(new Date(row.scanned_at).toISOString(), '2026-11-24T09:30:00.000Z');
});

test('assess: flat rows, and when they were observed', async () => {
  const flat = [
    { domain: 'ornek.com.tr', mx: ['1 aspmx.l.google.com'], txt: ['v=spf1 -all'], dmarc: '' },
    { domain: 'firma,com' },
    { domain: 'ornek.com.tr' },
  ];
  for (const observedAt of [moment, new Date(moment)]) {
    const [first, faulty, unknown] = await engine.assessBatch(flat, { observedAt });
    assert.deepEqual([first.provider, first.dmarc, first.spf, first.scanned_at], ['Google', false, true, moment]);
    assert.match(faulty.error, /^domain_bad_character: /);
    assert.equal(unknown.scan_status, 'not_observed');
  }
});

test('whatever cannot be done refuses the promise', async () => {
  const refused = async (code, asked) =>
    assert.rejects(asked, (error) => error instanceof HunterError && error.code === code && error.message !== '');
  const rows = [{ provider: 'Google' }];
  await refused('column_unknown', engine.scoreBatch([{ provder: 'Google' }]));
  await refused('argument_invalid', engine.scoreBatch([{ provider: 1 }]));
  await refused('argument_invalid', engine.scoreBatch([{ mx_records: [null] }]));
  await refused('argument_invalid', engine.scoreBatch([{ spf: NaN }]));
  await refused('argument_invalid', engine.scoreBatch([null]));
  await refused('argument_invalid', engine.scoreBatch('rows'));
  await refused('argument_invalid', engine.scoreBatch(undefined));
  await refused('argument_invalid', engine.scoreBatch([{ get spf() { throw new Error('no'); } }]));
  await refused('argument_range', engine.scoreBatch(rows, { threads: 0 }));
  await refused('argument_range', engine.scoreBatch(rows, { threads: 1e9 }));
  await refused('argument_invalid', engine.scoreBatch(rows, { threads: 1.5 }));
  await refused('argument_invalid', engine.scoreBatch(rows, { thread: 1 }));
  await refused('argument_invalid', engine.assessBatch([{ domain: 'a.com' }], { observedAt: 'today' }));
  await refused('argument_invalid', engine.assessBatch([{ domain: 'a.com' }], { observedAt: new Date(NaN) }));
  await refused('arrow_syntax', engine.scoreBatch(new Uint8Array()));
  await refused('arrow_syntax', engine.classifyBatch(Buffer.from('no Arrow at all')));
  await refused('column_unknown', engine.scoreBatch(tableToIPC(tableFromArrays({ provder: ['x'] }))));
  await refused('column_type', engine.scoreBatch(tableToIPC(tableFromArrays({ provider: [1.5] }))));
  await refused('column_type', engine.classifyBatch(tableToIPC(tableFromArrays({ mx: [1, 2] }))));
  await refused('arrow_syntax', engine.scoreBatch(tableToIPC(table(SCORE, SCORE_TYPES)).subarray(0, 200)));
});

test('no rows are no rows', async () => {
  assert.deepEqual(await engine.scoreBatch([]), []);
  assert.deepEqual(await engine.assessBatch([]), []);
  const columns = await engine.scoreBatch({ provider: [] });
  assert.deepEqual(valuesOf(columns.score), []);
  const bytes = await engine.classifyBatch(tableToIPC(table([], { mx: new Utf8() })));
  assert.equal(tableFromIPC(bytes).numRows, 0);
  assert.equal((await engine.scoreBatch([{}]))[0].score, null);
});

test('threads change nothing, and chunks come back in order', async () => {
  const many = Array.from({ length: 200_000 }, (_, nth) => `mx${nth}.${nth % 3 === 0 ? 'ornek.iphmx.com' : 'google.com'}`);
  const bytes = tableToIPC(table(many.map((mx) => ({ mx })), { mx: new Utf8() }));
  const [one, four] = await Promise.all([1, 4].map((threads) => engine.classifyBatch(bytes, { threads })));
  const gateways = (found) => [...tableFromIPC(found).getChild('gateway')];
  assert.deepEqual(gateways(one), gateways(four));
  assert.deepEqual(gateways(four).slice(0, 4), ['cisco-secure-email', null, null, 'cisco-secure-email']);
  assert.ok([...RecordBatchReader.from(four)].length > 1);
});

test('the event loop goes on while a batch is done', async () => {
  const many = Array.from({ length: 300 }, () => JSON.stringify(OBSERVATION));
  let turns = 0;
  let isDone = false;
  const batch = engine.assessBatch({ observation: Array(20).fill(many).flat() }, { threads: 1 })
    .then(() => { isDone = true; });
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    turns += 1;
  }
  await batch;
  assert.ok(turns > 10, `the loop turned ${turns} times`);
});

test('bytes may change as soon as the call returns', async () => {
  const bytes = tableToIPC(table(SCORE, SCORE_TYPES));
  const asked = engine.scoreBatch(bytes);
  bytes.fill(0xff);
  assert.equal(tableFromIPC(await asked).numRows, SCORE.length);
});
