// A program by `import`, as strict as TypeScript can be. Only the compiler reads it.

import {
  Engine,
  HunterError,
  scan,
  valuesOf,
  type AbortSignalLike,
  type Assessment,
  type CommercialAnswer,
  type FlagColumn,
  type FloatColumn,
  type Lead,
  type LeadRow,
  type NumberColumn,
  type Observed,
  type ProviderClass,
  type Scan,
  type ScanOptions,
  type Segment,
  type TextColumn,
  type TextListColumn,
} from 'hunter-leads';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

const engine = new Engine({ tuningFactor: 1.1 });
const verdict = engine.score('Google', { spf: true, dmarc_policy: null }, ['1 aspmx.l.google.com'], 'a.com');
same<typeof verdict.score, number | null>(true);
same<typeof verdict.segment, Segment | null>(true);

const segment: Segment = engine.segment(67, 'Google');
const priority: number = engine.priorityScore(segment, null);
const consequence: CommercialAnswer = engine.commercial(segment, 'Local', priority);
const lead: Lead = { company: 'Örnek', seats: 40, referral_type: 'co-sell' };
const row: Assessment = engine.assess('{}', lead, '2026-11-24');
const part: LeadRow = { domain: row.domain, provider: row.provider };
const words: readonly string[] = engine.salesSummary(part, lead, 'en').call_script;
same<ReturnType<Engine['signalsHash']>, string>(true);
same<ReturnType<Engine['diff']>[number]['before'], string | null>(true);

const rows = await engine.scoreBatch([{ provider: 'Google', dmarc_policy: '' }], { threads: 2 });
same<(typeof rows)[number]['score'], number | null>(true);
same<(typeof rows)[number]['error'], string | null>(true);
const bytes: Uint8Array = await engine.classifyBatch(new Uint8Array());
const columns = await engine.assessBatch({ domain: ['a.com'], mx: [['mx.a.com'], null] }, { observedAt: new Date() });
same<typeof columns.evidence, TextColumn>(true);
same<typeof columns.tags, TextListColumn>(true);
same<typeof columns.confidence, FloatColumn>(true);
same<typeof columns.partial, FlagColumn>(true);
same<typeof columns.readiness_score, NumberColumn>(true);
const flags: (boolean | null)[] = valuesOf(columns.partial);
const lists: (readonly string[] | null)[] = valuesOf(columns.tags);

declare const signal: AbortSignalLike;
const options: ScanOptions = { profile: 'light', probes: ['mta_sts'], rate: null, engine, signal };
const scanning: Scan = scan(['a.com'], options);
for await (const seen of scanning) {
  same<typeof seen, Observed>(true);
  same<typeof seen.error, HunterError | null>(true);
  if (seen.observation !== null) engine.assess(seen.observation);
}
async function* domains(): AsyncGenerator<string> {
  yield 'a.com';
}
scan(domains());
scan(new Set(['a.com']));
// @ts-expect-error one text is no list
scan('a.com', { timeout: 1 });
// @ts-expect-error an option that is none
scan([], { timeout_ms: 1000 });
// @ts-expect-error domains are texts
scan([1]);

try {
  Engine.fromFiles(['rules.toml']);
} catch (error) {
  if (error instanceof HunterError) error.code satisfies string;
}

// @ts-expect-error a class that is none
engine.segment(67, 'Gogle');
// @ts-expect-error answers are frozen
verdict.score = 0;
// @ts-expect-error and so is what they hold
verdict.unknown.push('spf');
// @ts-expect-error a column that is none
engine.scoreBatch([{ provder: 'Google' }]);
// @ts-expect-error flags are no texts
engine.scoreBatch({ spf: ['yes'] });
// @ts-expect-error an option that is none
engine.classifyBatch(['mx.a.com'], { thread: 1 });
// @ts-expect-error a signal that is none
engine.score('Google', { sfp: true }, null);
// @ts-expect-error MX records are required
engine.score('Google', {});
// @ts-expect-error an answer is no provider
const provider: ProviderClass = consequence.priority_label;
// @ts-expect-error native parts are private
import type * as parts from 'hunter-leads/dist/native.js';

export { bytes, flags, lists, provider, words };
export type { parts };
