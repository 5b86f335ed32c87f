// The package offers the operations of the catalogue, and none besides, with its arguments, defaults,
// answers and words.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as hunter from 'hunter-leads';

import { camelCase, catalogue } from './support.mjs';

const engine = new hunter.Engine();
const methods = Object.getOwnPropertyNames(hunter.Engine.prototype).filter((name) => name !== 'constructor');

/** The names of a method's arguments, as its source has them. */
function argumentsOf(method) {
  const [, list] = /^(?:async )?\w+\(([^)]*)\)/.exec(method.toString());
  return list.split(',').map((name) => name.trim()).filter((name) => name !== '');
}

function call(operation, values) {
  return engine[camelCase(operation.name)](...operation.arguments.map(({ name }) => values[name]));
}

function fields(operation, answer) {
  const names = operation.answer.fields;
  return names.length === 1 ? { [names[0]]: answer } : answer;
}

test('every operation has its method, and every method its operation', () => {
  assert.ok(catalogue.operations.length > 0);
  const listed = [...catalogue.operations, ...catalogue.batches];
  assert.ok(catalogue.batches.length > 0);
  assert.deepEqual(methods.sort(), listed.map(({ name }) => camelCase(name)).sort());
});

for (const operation of catalogue.operations) {
  const example = operation.example;
  test(`${operation.name}: arguments, answer and defaults`, () => {
    const names = operation.arguments.map(({ name }) => camelCase(name));
    assert.deepEqual(argumentsOf(hunter.Engine.prototype[camelCase(operation.name)]), names);
    const plain = call(operation, example);
    assert.deepEqual(Object.keys(fields(operation, plain)).sort(), [...operation.answer.fields].sort());
    for (const { name, default: filled } of operation.arguments) {
      if (filled === null) {
        const { [name]: _, ...without } = example;
        assert.throws(() => call(operation, without), { name: 'HunterError', code: 'argument_invalid' });
      } else {
        const same = call(operation, { ...example, [name]: JSON.parse(filled) });
        assert.deepEqual(timeless(same), timeless(plain), `${name} of ${operation.name}`);
      }
    }
  });
}

/** One row for each type of column. */
const ROW = { utf8: ['x'], bool: [true], list_utf8: [['x']] };
const KINDS = {
  bool: 'bool', uint8: 'uint8', float64: 'float64', utf8: 'utf8', list_utf8: 'list', json: 'utf8',
  date32: 'utf8', timestamp: 'utf8',
};

for (const batch of catalogue.batches) {
  test(`${batch.name}: columns in, columns and rows out`, async () => {
    const ask = (rows) => engine[camelCase(batch.name)](rows);
    const wanted = batch.output.map(({ name, type }) => [name, KINDS[type]]);
    for (const { name, type } of batch.input) {
      const columns = await ask({ [name]: ROW[type] });
      assert.deepEqual(Object.entries(columns).map(([column, { kind }]) => [column, kind]), wanted);
      const row = name === 'mx' && batch.input.length === 1 ? ROW[type][0] : { [name]: ROW[type][0] };
      const [answer] = await ask([row]);
      assert.deepEqual(Object.keys(answer), batch.output.map((column) => column.name));
      await assert.rejects(ask({ [name]: [1n] }), { name: 'HunterError', code: 'argument_invalid' });
    }
    await assert.rejects(ask({ nothing: ['x'] }), (error) => {
      assert.equal(error.code, 'column_unknown');
      for (const { name } of batch.input) assert.ok(error.message.includes(name), error.message);
      return true;
    });
  });
}

/** Without the moment at which a summary was written, where no day was given. */
function timeless(answer) {
  return JSON.parse(JSON.stringify(answer, (name, value) => (name === 'generated_at' ? null : value)));
}

/** The words that a refusal names. */
function choices(refused) {
  try {
    refused();
  } catch (error) {
    assert.equal(error.code, 'unknown_word');
    return error.message.slice(error.message.indexOf('use one of ') + 'use one of '.length).split(', ');
  }
  return assert.fail('the word is taken');
}

test('the word lists are those of Rust', () => {
  const row = (fields) => () => engine.diff(null, fields);
  const lead = (fields) => () => engine.salesSummary({ domain: 'a.com' }, fields);
  const lists = {
    PROVIDER_CLASSES: () => engine.segment(1, '?'),
    SEGMENTS: () => engine.priorityScore('?', 1),
    DMARC_POLICIES: () => engine.score(null, { dmarc_policy: '?' }, []),
    LEVELS: () => engine.nextStep(null, 1, '?'),
    TENANT_SIZES: lead({ tenant_size: '?' }),
    REFERRAL_TYPES: lead({ referral_type: '?' }),
    SCAN_STATUSES: row({ scan_status: '?' }),
    BASES: row({ basis: '?' }),
  };
  for (const [name, refused] of Object.entries(lists)) {
    assert.deepEqual(choices(refused), [...hunter[name]], name);
  }
});

test('every consequence is among the words', () => {
  const lists = {
    technical_heat: hunter.TECHNICAL_HEATS,
    commercial_segment: hunter.COMMERCIAL_SEGMENTS,
    commercial_heat: hunter.COMMERCIAL_HEATS,
    priority_category: hunter.PRIORITY_CATEGORIES,
  };
  const seen = Object.fromEntries(Object.keys(lists).map((name) => [name, new Set()]));
  for (const segment of hunter.SEGMENTS) {
    for (const provider of hunter.PROVIDER_CLASSES) {
      for (let score = 0; score <= 100; score += 1) {
        const found = engine.commercial(segment, provider, score);
        for (const name of Object.keys(lists)) seen[name].add(found[name]);
      }
    }
  }
  for (const [name, words] of Object.entries(lists)) {
    for (const word of seen[name]) assert.ok(words.includes(word), `${word} of ${name}`);
  }
});
