// The border under random input: every call answers, or refuses with a documented error. A panic, a
// crash or any other error fails.
//
// `HUNTER_FUZZ_SECONDS` says for how long, `HUNTER_FUZZ_SEED` where to begin; a failure names its seed.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Bool, List, Field, Table, Utf8, tableToIPC, vectorFromArray } from 'apache-arrow';
import { Engine, HunterError } from 'hunter-leads';

import { camelCase, catalogue, documented, root, textOf } from './support.mjs';

const SECONDS = Number(process.env.HUNTER_FUZZ_SECONDS ?? 2.5);
const SEED = Number(process.env.HUNTER_FUZZ_SEED ?? 20261124);
const engine = new Engine();

/** Numbers between 0 and 1 that a seed fixes: mulberry32. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WORDS = [
  'Google', 'M365', 'Migration', 'reject', 'none', 'high', 'tr', 'en', 'xx', 'ornek.com.tr', 'İSTANBUL.com.tr', '.',
  '10 mx.ornek.com', '0 .', 'v=spf1 include:a.com -all', 'v=DMARC1; p=reject', 'v=DKIM1; p=', '{', '[', 'null',
  '{"v":1,"domain":"a.com","observed_at":"2026-11-24T09:30:00Z"}', '2026-11-24', '\ud800', '\0', '\u2028', 'ş', '',
];

function inputs(random) {
  const below = (count) => Math.floor(random() * count);
  const one = (list) => list[below(list.length)];
  const text = () => {
    const kind = below(8);
    if (kind < 5) return one(WORDS);
    if (kind === 5) return one(WORDS) + one(WORDS) + String.fromCharCode(below(0x10000));
    if (kind === 6) return one(WORDS).repeat(below(2000));
    return Array.from({ length: below(30) }, () => String.fromCharCode(below(0x250))).join('');
  };
  const number = () =>
    one([0, 1, -1, 50, 100, 101, 0.5, NaN, Infinity, -Infinity, -0, 2 ** 31, 2 ** 53, 1e300, below(101)]);
  const leaf = () => one([text, text, number, () => null, () => undefined, () => random() < 0.5, () => 7n, () => new Date(0)])();
  const value = (depth) => {
    const kind = depth > 3 ? 0 : below(6);
    if (kind < 3) return leaf();
    if (kind === 3) return Array.from({ length: below(4) }, () => value(depth + 1));
    if (kind === 4) return Object.fromEntries(Array.from({ length: below(4) }, () => [text(), value(depth + 1)]));
    return one([new Uint8Array(below(20)), new Map(), () => 1, Symbol('s')]);
  };
  /** A copy in which one thing, wherever it lies, is another. */
  const changed = (given, depth = 0) => {
    if (typeof given !== 'object' || given === null || below(4) === 0) return value(depth);
    const copy = Array.isArray(given) ? [...given] : { ...given };
    const names = Object.keys(copy);
    if (names.length === 0) return value(depth);
    const name = one(names);
    if (below(6) === 0) delete copy[name];
    else copy[name] = changed(copy[name], depth + 1);
    return copy;
  };
  return { below, one, text, value, changed };
}

const lists = new List(new Field('item', new Utf8(), true));
const IPC = tableToIPC(new Table({
  provider: vectorFromArray(['Google', null, 'Gogle'], new Utf8()),
  spf: vectorFromArray([true, null, false], new Bool()),
  dmarc_policy: vectorFromArray(['', 'reject', null]),
  mx_records: vectorFromArray([['1 mx.a.com', 'b.com'], [], null], lists),
}), 'stream');

const BATCH = {
  score_batch: [{ provider: 'Google', spf: true, dmarc_policy: '', mx_records: ['1 mx.a.com'] }, { spf: null }],
  classify_batch: ['mx.a.com', ['1 aspmx.l.google.com'], null],
  assess_batch: [{ domain: 'a.com', mx: ['mx.a.com'], dmarc: '' }, { domain: null }],
};

const RULES = textOf('hunter-core/data/rules/classic.toml');

/** Each kind of call: what it does with one draw. */
const CALLS = {
  single({ one, changed, value, below }) {
    const operation = one(catalogue.operations);
    const values = operation.arguments.map(({ name }) => operation.example[name]);
    const place = below(values.length);
    if (below(4) > 0) values[place] = below(3) === 0 ? value(0) : changed(values[place]);
    return engine[camelCase(operation.name)](...values);
  },
  rows({ one, changed }) {
    const { name } = one(catalogue.batches);
    return engine[camelCase(name)](changed(BATCH[name]), { threads: 2 });
  },
  columns({ one, changed, below }) {
    const text = { kind: 'utf8', data: new Uint8Array(below(9)).fill(below(256)), offsets: Int32Array.from([0, below(5), below(9)]) };
    const list = { ...text, kind: 'list', lists: Int32Array.from([0, below(4), below(4)]) };
    const flags = { kind: 'bool', data: new Uint8Array(2), valid: new Uint8Array(below(2) === 0 ? 2 : below(4)) };
    const given = one([{ provider: text, spf: flags }, { mx_records: list }, { provider: text, mx_records: list, dkim: flags }]);
    return engine.scoreBatch(below(3) === 0 ? changed(given) : given);
  },
  ipc({ one, below }) {
    const bytes = IPC.slice(0, below(4) === 0 ? below(IPC.length) : IPC.length);
    for (let nth = below(4); nth >= 0; nth -= 1) bytes[below(bytes.length)] = below(256);
    return engine[camelCase(one(catalogue.batches).name)](bytes);
  },
  files({ one, text, below }) {
    const place = below(RULES.length);
    const name = one(['rules.toml', 'hooks.toml', 'providers.json', 'texts/en.ftl', text()]);
    const broken = RULES.slice(0, place) + text() + RULES.slice(place + below(20));
    return Engine.fromTexts({ [name]: broken }).segment(50, 'Google');
  },
};

test(`${SECONDS} seconds of random input: answers and documented refusals, nothing else`, async (t) => {
  const end = Date.now() + SECONDS * 1000;
  // Files are read a hundred times slower than anything else.
  const kinds = ['single', 'rows', 'single', 'ipc', 'single', 'columns'].flatMap((kind) => Array(4).fill(kind));
  kinds.push('files');
  assert.deepEqual(new Set(kinds), new Set(Object.keys(CALLS)));
  const counts = { answers: 0, refusals: 0 };
  const codes = new Set();
  let seed = SEED;
  for (; Date.now() < end; seed += 1) {
    const draw = inputs(generator(seed));
    const kind = kinds[seed % kinds.length];
    try {
      await CALLS[kind](draw);
      counts.answers += 1;
    } catch (error) {
      assert.ok(error instanceof HunterError, `seed ${seed}, ${kind}: ${error.stack}`);
      assert.ok(documented.has(error.code), `seed ${seed}, ${kind}: ${error.code}`);
      codes.add(error.code);
      counts.refusals += 1;
    }
  }
  t.diagnostic(`${counts.answers} answers, ${counts.refusals} refusals of ${codes.size} codes from seed ${SEED}`);
  assert.ok(counts.answers > 50 && counts.refusals > 50, JSON.stringify(counts));
  assert.ok(codes.size >= 8, [...codes].join());
});
