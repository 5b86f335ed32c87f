// A program by `import`, as strict as TypeScript can be. Only the compiler reads it.

import {
  Engine,
  HunterError,
  type Assessment,
  type CommercialAnswer,
  type Lead,
  type LeadRow,
  type ProviderClass,
  type Segment,
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
const words: string[] = engine.salesSummary(part, lead, 'en').call_script;
same<ReturnType<Engine['signalsHash']>, string>(true);
same<ReturnType<Engine['diff']>[number]['before'], string | null>(true);

try {
  Engine.fromFiles(['rules.toml']);
} catch (error) {
  if (error instanceof HunterError) error.code satisfies string;
}

// @ts-expect-error a class that is none
engine.segment(67, 'Gogle');
// @ts-expect-error a signal that is none
engine.score('Google', { sfp: true }, null);
// @ts-expect-error MX records are required
engine.score('Google', {});
// @ts-expect-error an answer is no provider
const provider: ProviderClass = consequence.priority_label;
// @ts-expect-error native parts are private
import type * as parts from 'hunter-leads/dist/native.js';

export { provider, words };
export type { parts };
