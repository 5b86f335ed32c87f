// The same package by `require`.

const assert = require('node:assert/strict');
const { test } = require('node:test');

const hunter = require('hunter-leads');

test('require gives what import gives, and the same error', async () => {
  const imported = await import('hunter-leads');
  const marks = ['default', 'module.exports', '__esModule'];
  const names = Object.keys(imported).filter((name) => !marks.includes(name));
  assert.deepEqual(names.sort(), Object.keys(hunter).sort());
  assert.ok(names.includes('Engine'));
  for (const name of names) assert.equal(imported[name], hunter[name], name);
});

test('a lead is scored', () => {
  const engine = new hunter.Engine();
  const signals = { spf: true, dkim: true, dmarc_policy: null };
  const { score, priority_score } = engine.score('Google', signals, ['1 aspmx.l.google.com']);
  assert.deepEqual([score, priority_score], [70, 2]);
  assert.throws(() => engine.segment(1, '?'), { name: 'HunterError', code: 'unknown_word' });
});
