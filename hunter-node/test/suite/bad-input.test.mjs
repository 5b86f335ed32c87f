// Bad input by its name, each with the error that is documented for it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { Engine, HunterError, valuesOf } from 'hunter-leads';

import { documented, moment, textOf } from './support.mjs';

const engine = new Engine();
const OBSERVATION = { v: 1, domain: 'ornek.com.tr', observed_at: moment };

/** Holds for what throws at once and for what refuses a promise. */
async function refuses(code, call) {
  await assert.rejects(async () => call(), (error) => {
    assert.ok(error instanceof HunterError && error instanceof Error, String(error.stack));
    assert.equal(error.code, code, error.message.slice(0, 300));
    assert.ok(documented.has(code), `${code} is not in docs/ERRORS.md`);
    return true;
  });
}

test('a wrong type', async () => {
  await refuses('argument_invalid', () => engine.segment('67', 'Google'));
  await refuses('argument_invalid', () => engine.parseSpf(1));
  await refuses('argument_invalid', () => engine.scoreBatch([{ spf: 'yes' }]));
  await refuses('argument_invalid', () => engine.scoreBatch({ spf: 'yes' }));
});

test('a giant string', async () => {
  const giant = 'x'.repeat(2_000_000);
  await refuses('domain_too_long', () => engine.normalizeDomain(`${giant.slice(0, 300)}.com`));
  await refuses('unknown_word', () => engine.segment(67, giant));
  await refuses('locale_unknown', () => engine.salesSummary({ domain: 'a.com' }, {}, giant));
  assert.equal(engine.parseSpf(giant).is_record, false);
  const [row] = await engine.scoreBatch([{ domain: giant }]);
  assert.match(row.error, /^domain_/);
});

test('NaN and the infinities', async () => {
  for (const number of [NaN, Infinity, -Infinity]) {
    await refuses('argument_invalid', () => engine.segment(number, 'Google'));
    await refuses('argument_invalid', () => engine.priorityScore('Migration', number));
    await refuses('argument_invalid', () => engine.commercial('Migration', 'Google', number));
    await refuses('argument_invalid', () => engine.assess(OBSERVATION, { seats: number }));
    await refuses('argument_invalid', () => engine.scoreBatch([{ spf: number }]));
    await refuses('argument_invalid', () => engine.scoreBatch([], { threads: number }));
  }
  await refuses('argument_range', () => new Engine({ tuningFactor: NaN }));
});

test('bytes that are not UTF-8', async () => {
  const column = { kind: 'utf8', data: new Uint8Array([0x61, 0xff, 0xfe]), offsets: new Int32Array([0, 3]) };
  await refuses('argument_invalid', () => engine.scoreBatch({ provider: column }));
  await refuses('argument_invalid', () => engine.assessBatch({ observation: column }));
  const list = { ...column, kind: 'list', lists: new Int32Array([0, 1]) };
  await refuses('argument_invalid', () => engine.classifyBatch({ mx: list }));
  const folder = mkdtempSync(join(tmpdir(), 'hunter-bytes-'));
  try {
    const path = join(folder, 'rules.toml');
    writeFileSync(path, Buffer.from([0x61, 0xff]));
    await refuses('data_file_read', () => Engine.fromFiles([path]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // Half a pair is what a string can hold and UTF-8 cannot.
  await refuses('argument_invalid', () => engine.parseSpf('\ud800'));
});

test('a wrong locale', async () => {
  await refuses('locale_unknown', () => engine.salesSummary({ domain: 'a.com' }, {}, 'xx'));
  await refuses('locale_unknown', () => engine.explain(OBSERVATION, {}, 'türkçe'));
  await refuses('argument_invalid', () => engine.salesSummary({ domain: 'a.com' }, {}, null));
});

test('a corrupt rule file', async () => {
  const rules = textOf('hunter-core/data/rules/classic.toml');
  await refuses('data_syntax', () => Engine.fromTexts({ 'rules.toml': rules.slice(0, rules.length / 2) + '[' }));
  await refuses('data_unknown_key', () => Engine.fromTexts({ 'rules.toml': `nonsense = 1\n${rules}` }));
  await refuses('data_missing_key', () => Engine.fromTexts({ 'rules.toml': '' }));
  await refuses('data_value', () => Engine.fromTexts({ 'rules.toml': rules.replace('M365 = 50', 'M365 = 5000') }));
  await refuses('data_syntax', () => Engine.fromTexts({ 'providers.json': '\0\0\0' }));
});

test('a missing column', async () => {
  await refuses('column_missing', () => engine.scoreBatch({}));
  await refuses('column_missing', () => engine.assessBatch({}));
  // A column that is left out is unknown: no verdict, and no fault.
  const found = await engine.scoreBatch({ provider: ['Google'] });
  assert.deepEqual([valuesOf(found.score), valuesOf(found.error)], [[null], [null]]);
});

test('the cause is kept', () => {
  const causes = (call) => {
    try {
      call();
    } catch (error) {
      return error.cause;
    }
    return undefined;
  };
  const thrown = new Error('mine');
  const hostile = { toJSON() { throw thrown; } };
  assert.equal(causes(() => engine.assess(OBSERVATION, hostile)), thrown);
  assert.equal(causes(() => Engine.fromFiles(['/no/such/rules.toml'])).code, 'ENOENT');
});
