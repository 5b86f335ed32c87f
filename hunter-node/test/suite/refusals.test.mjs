// Bad input of every kind gives the documented error, and never anything else.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { Engine, HunterError } from 'hunter-leads';

import { camelCase, catalogue, documented, moment, root } from './support.mjs';

const engine = new Engine();
function refuses(code, call) {
  assert.throws(call, (error) => {
    assert.ok(error instanceof HunterError && error instanceof Error, String(error.stack));
    assert.equal(error.code, code, error.message);
    assert.ok(error.message.length > 0);
    return true;
  });
}

const cyclic = {};
cyclic.self = cyclic;
const GIANT = 'x'.repeat(1_000_000);
/** Values of every kind that a program without types may hand over. */
const VALUES = [
  undefined, null, true, 0, -1, 1.5, NaN, Infinity, 2 ** 53, 1n, '', 'x', GIANT, '\ud800', 'a\0b', [], [null],
  [1], ['x'], {}, { x: 1 }, cyclic, () => 1, Symbol('s'), new Date(0), new Map(), new Uint8Array(3),
  { toJSON() { throw new Error('no'); } }, new Proxy({}, { ownKeys() { throw new Error('no'); } }),
];

test('a value of any kind in any place is taken, or refused by a documented code', () => {
  let refused = 0;
  for (const operation of catalogue.operations) {
    const method = camelCase(operation.name);
    const allowed = (code) =>
      code === 'argument_invalid' ||
      operation.errors.some((e) => (e.endsWith('*') ? code.startsWith(e.slice(0, -1)) : code === e));
    operation.arguments.forEach((argument, place) => {
      for (const value of VALUES) {
        const values = operation.arguments.map(({ name }) => operation.example[name]);
        values[place] = value;
        try {
          engine[method](...values);
        } catch (error) {
          const where = `${method}, ${argument.name} = ${typeof value}`;
          assert.ok(error instanceof HunterError, `${where}: ${error.stack}`);
          assert.ok(documented.has(error.code) && allowed(error.code), `${where}: ${error.code}: ${error.message.slice(0, 200)}`);
          refused += 1;
        }
      }
    });
  }
  assert.ok(refused > 500, `only ${refused} values were refused`);
});

test('each fault has its code', () => {
  const observation = { v: 1, domain: 'ornek.com.tr', observed_at: moment };
  refuses('unknown_word', () => engine.segment(67, 'Gogle'));
  refuses('argument_range', () => engine.segment(101, 'Google'));
  refuses('argument_invalid', () => engine.segment(67.5, 'Google'));
  refuses('argument_invalid', () => engine.segment('67', 'Google'));
  refuses('argument_invalid', () => engine.priorityScore('Migration', NaN));
  refuses('argument_invalid', () => engine.priorityScore(undefined, 1));
  refuses('argument_range', () => engine.commercial('Migration', 'Google', -1));
  refuses('argument_invalid', () => engine.score('Google', { sfp: true }, []));
  refuses('argument_invalid', () => engine.score('Google', { spf: 'yes' }, []));
  refuses('unknown_word', () => engine.score('Google', { dmarc_policy: '' }, []));
  refuses('argument_invalid', () => engine.score('Google', {}, [1]));
  refuses('argument_invalid', () => engine.score('Google', {}, undefined));
  refuses('domain_bad_character', () => engine.score('Google', {}, [], 'firma,com'));
  refuses('domain_empty', () => engine.normalizeDomain(''));
  refuses('observation_syntax', () => engine.assess('{'));
  refuses('observation_syntax', () => engine.assess('{"v": 1, "domain": "-"}'));
  refuses('observation_syntax', () => engine.assess({ ...observation, domain: '-' }));
  refuses('observation_version', () => engine.assess({ ...observation, v: 99 }));
  refuses('observation_version', () => engine.assess(JSON.stringify({ ...observation, v: 99 })));
  refuses('observation_syntax', () => engine.assess(`${JSON.stringify(observation)}, "today": "2026-01-01"`));
  refuses('argument_invalid', () => engine.assess(observation, undefined, '24.11.2026'));
  refuses('argument_invalid', () => engine.assess(JSON.stringify(observation), { seats: 'many' }));
  refuses('argument_missing', () => engine.salesSummary({}));
  refuses('locale_unknown', () => engine.salesSummary({ domain: 'a.com' }, {}, 'xx'));
  refuses('signals_json', () => engine.signalsHash('{"spf": yes}'));
  refuses('argument_invalid', () => engine.signalsHash(cyclic));
  refuses('argument_invalid', () => engine.signalsHash({ at: new Date(0) }));
  refuses('argument_invalid', () => engine.signalsHash({ n: 2 ** 60 }));
  let deep = {};
  for (let level = 0; level < 100_000; level += 1) deep = { deep };
  refuses('signals_depth', () => engine.signalsHash(deep));
  refuses('signals_depth', () => engine.signalsHash('['.repeat(200) + ']'.repeat(200)));
});

test('data files are refused by name, line and key', () => {
  refuses('data_file_unknown', () => Engine.fromTexts({ 'rules.tml': '' }));
  refuses('data_syntax', () => Engine.fromTexts({ 'rules.toml': 'version = ' }));
  refuses('argument_invalid', () => Engine.fromTexts({ 'rules.toml': 1 }));
  refuses('argument_invalid', () => Engine.fromTexts(null));
  refuses('argument_invalid', () => Engine.fromFiles(1));
  refuses('argument_range', () => new Engine({ tuningFactor: 3 }));
  refuses('argument_range', () => new Engine({ tuningFactor: NaN }));
  refuses('argument_invalid', () => new Engine({ tuningFactor: '1' }));
  const folder = mkdtempSync(join(tmpdir(), 'hunter-files-'));
  try {
    const file = (name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    };
    refuses('data_file_read', () => Engine.fromFiles([join(folder, 'rules.toml')]));
    refuses('data_file_read', () => Engine.fromFiles([file('hooks.toml', Buffer.from([0x61, 0xff]))]));
    refuses('data_syntax', () => Engine.fromFiles([file('rules.toml', 'version = ')]));
    const rules = readFileSync(join(root, 'hunter-core', 'data', 'rules', 'classic.toml'), 'utf8');
    const other = Engine.fromFiles([file('rules.toml', rules.replace('M365 = 50', 'M365 = 49'))]);
    const score = (engine) => engine.score('M365', { spf: true }, ['mx.ornek.com']).score;
    assert.equal(score(engine) - score(other), 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
