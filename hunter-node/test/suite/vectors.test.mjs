// The golden vectors, exactly.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Engine, HunterError } from 'hunter-leads';

import { assertListed, lines, root, vectors } from './support.mjs';

const engine = new Engine();

const FILES = {
  'score.jsonl': (line) => {
    const { provider, signals, mx_records, domain } = line.in;
    const ours = engine.score(provider, signals, mx_records, domain);
    assertListed(ours, line.out, line);
    assert.equal(ours.priority_score, line.priority_score);
    assert.deepEqual([ours.partial, ours.score_low], [false, ours.score]);
    if (line.breakdown) assertListed(ours.breakdown, line.breakdown, line);
    // The answer of a key that was met before says the same.
    assert.deepEqual(engine.score(provider, signals, mx_records, domain), ours);
  },
  'segment.jsonl': (line) => {
    assert.equal(engine.segment(line.in.score, line.in.provider), line.segment);
  },
  'priority.jsonl': (line) => {
    assert.equal(engine.priorityScore(line.in.segment, line.in.score), line.priority_score);
  },
  'commercial.jsonl': ({ in: { technical_segment, provider, score }, ...expected }) => {
    assertListed(engine.commercial(technical_segment, provider, score), expected, expected);
  },
  'next_step.jsonl': ({ in: { segment, opportunity_potential, urgency }, ...expected }) => {
    assert.deepEqual(engine.nextStep(segment, opportunity_potential, urgency), expected);
  },
  'security.jsonl': (line) => {
    const row = salesRow({ domain: 'example.com', ...line.in });
    const summary = engine.salesSummary(row, undefined, 'tr', TODAY);
    assert.equal(summary.security_reasoning.risk_level, line.risk_level);
  },
  'sales.jsonl': (line) => {
    for (const locale of ['tr', 'en']) {
      const ours = sales(engineFor(line.in.tuning_factor), line.in, locale);
      const { recommendation, price_list, ...offer } = ours.offer_tier;
      const { action, timeline, priority } = ours.next_step;
      assert.deepEqual(
        {
          offer_tier: offer,
          opportunity_potential: ours.opportunity_potential,
          rationale_total: ours.opportunity_rationale.total,
          rationale_factors: ours.opportunity_rationale.factors.map((f) => [f.name, f.weight, f.raw, f.score]),
          urgency: ours.urgency,
          risk_level: ours.security_reasoning.risk_level,
          next_step: { action, timeline, priority },
        },
        {
          offer_tier: line.offer_tier,
          opportunity_potential: line.opportunity_potential,
          rationale_total: line.rationale_total,
          rationale_factors: line.rationale_factors,
          urgency: line.urgency,
          risk_level: line.risk_level,
          next_step: line.next_step,
        },
        JSON.stringify(line.in),
      );
    }
    for (const [name, factor] of [['tf1.0', 1], ['tf0.9', 0.9], ['tf1.1', 1.1]]) {
      const found = (input) => sales(engineFor(factor), input, 'tr').opportunity_potential;
      assert.equal(found({ ...line.in, contact_quality_score: null }), line.potential[name]);
      assert.equal(found(line.in), line.potential[`${name}_cqs`]);
    }
  },
  'normalize.jsonl': (line) => {
    if (line.domain === null) {
      assert.throws(
        () => engine.normalizeDomain(line.in),
        (error) => error instanceof HunterError && error.code.startsWith('domain_'),
      );
    } else {
      assert.equal(engine.normalizeDomain(line.in).domain, line.domain);
    }
  },
};

/** Read as text, or recorded from another interface. */
const ELSEWHERE = new Set(['hash.jsonl', 'http.jsonl']);

const TODAY = '2026-11-24';
const engines = new Map();

function engineFor(tuningFactor) {
  if (!engines.has(tuningFactor)) engines.set(tuningFactor, new Engine({ tuningFactor }));
  return engines.get(tuningFactor);
}

/** A vector's input as a lead row. */
function salesRow({ tuning_factor, expires_in_days, ip_context, mx_root, ...row }) {
  const days = expires_in_days ?? null;
  const end = days === null ? null : new Date(Date.parse(TODAY) + days * 86_400_000);
  return {
    ...row,
    mx_root: mx_root ?? null,
    expires_at: end && end.toISOString().slice(0, 10),
    ...(ip_context ?? {}),
  };
}

function sales(engine, input, locale) {
  return engine.salesSummary(salesRow(input), undefined, locale, TODAY);
}

for (const [file, check] of Object.entries(FILES)) {
  test(file, () => vectors(file).forEach(check));
}

test('hash.jsonl', () => {
  for (const line of lines('hash.jsonl')) {
    // The text as it stands in the line: its numbers must not pass through JavaScript.
    const signals = line.slice('{"signals": '.length, line.lastIndexOf(', "canonical": '));
    const { canonical, hash } = JSON.parse(line);
    assert.equal(engine.signalsCanonical(signals), canonical);
    assert.equal(engine.signalsHash(signals), hash, canonical);
  }
});

test('no file of vectors is left out', () => {
  const files = readdirSync(join(root, 'tests', 'vectors')).filter((file) => file.endsWith('.jsonl'));
  assert.deepEqual(files.filter((file) => !(file in FILES) && !ELSEWHERE.has(file)), []);
});
