/** The engine: every operation of the product. */

import { readFileSync } from 'node:fs';

import { HunterError, guarded, invalid } from './errors.js';
import { batched, type AssessOptions, type BatchOptions } from './batch.js';
import { frozen } from './freeze.js';
import { requestText, signalsText } from './json.js';
import { Memory } from './memory.js';
import { native, type NativeEngine } from './native.js';
import type {
  Assessment, Change, ClassifyMxAnswer, CommercialAnswer, ContactsAnswer, ExplainAnswer, IsoDate, Lead,
  LeadRow, NextStepAnswer, NormalizeDomainAnswer, Observation, ParseDkimAnswer, ParseDmarcAnswer,
  ParseSpfAnswer, SalesSummary, ScoreAnswer, Signals,
} from './types.js';
import type {
  AssessBatchAnswer, AssessBatchAnswerColumns, AssessBatchColumns, ClassifyBatchAnswer,
  ClassifyBatchAnswerColumns, ClassifyBatchColumns, FlatObservation, ScoreBatchAnswer,
  ScoreBatchAnswerColumns, ScoreBatchColumns, ScoreBatchRow,
} from './batch-types.js';
import type { Level, ProviderClass, Segment } from './words.js';

/** @internal The native part of an engine; undefined of anything else. */
export let nativeOf: (engine: unknown) => NativeEngine | undefined;

let shared: NativeEngine | undefined;

/** @internal The native part of an engine with everything that ships with the package. */
export function builtin(): NativeEngine {
  return (shared ??= new native.NativeEngine([]));
}

export interface EngineOptions {
  /** What the potential of a lead is multiplied by, 0 to 2; 1 where it is not given. */
  tuningFactor?: number;
}

/**
 * Rules, fingerprints, prices and texts, read once: make one engine and keep it. It holds no state
 * that calls could change, and each worker thread may have its own.
 *
 * Arguments and answers are those of `docs/PARITY.md`. Every fault is a `HunterError`.
 */
export class Engine {
  static {
    nativeOf = (engine) =>
      typeof engine === 'object' && engine !== null && #native in engine ? engine.#native : undefined;
  }

  readonly #native: NativeEngine;
  readonly #scores = new Memory<ScoreAnswer>();
  readonly #consequences = new Memory<CommercialAnswer>();

  /** With everything that ships with the package. */
  constructor(options?: EngineOptions);
  /** @internal With data files in place of built-in ones. */
  constructor(options: EngineOptions | undefined, files: { name: string; text: string }[]);
  constructor(options: EngineOptions = {}, files: { name: string; text: string }[] = []) {
    if (typeof options !== 'object' || options === null) throw invalid('options', 'give an object');
    const { tuningFactor } = options;
    if (tuningFactor !== undefined && typeof tuningFactor !== 'number') {
      throw invalid('tuningFactor', 'give a number');
    }
    this.#native = guarded(() => new native.NativeEngine(files, tuningFactor));
  }

  /**
   * With data files in place of the built-in ones, known by their names: `rules.toml`,
   * `providers.json`, `confidence.toml`, `prices.toml`, `hooks.toml`, `sales.toml`, `seller.toml` and
   * `texts/LANGUAGE.ftl` or `texts/LANGUAGE/FILE.ftl`.
   */
  static fromFiles(paths: Iterable<string>, options?: EngineOptions): Engine {
    const files = checkedPaths(paths).map((path) => ({ name: path, text: readText(path) }));
    return new Engine(options, files);
  }

  /** The same from texts: an object with the names as keys. */
  static fromTexts(texts: Record<string, string>, options?: EngineOptions): Engine {
    if (typeof texts !== 'object' || texts === null) throw invalid('texts', 'give an object');
    const files = Object.entries(texts).map(([name, text]) => {
      if (typeof text !== 'string') throw invalid(`texts.${name}`, 'give the text of the file');
      return { name, text };
    });
    return new Engine(options, files);
  }

  /** Scores a domain by its provider, signals and MX records. */
  score(
    provider: ProviderClass | null,
    signals: Signals,
    mxRecords: readonly string[] | null,
    domain?: string | null,
  ): ScoreAnswer {
    const key = this.#scoreKey(provider, signals, mxRecords, domain ?? null);
    const answer = this.#scores.get(key, () =>
      this.#call<ScoreAnswer>('score', { provider, signals, mx_records: mxRecords, domain }),
    );
    // A key vouches for the domain; without a key the answer has it as it is written canonically.
    const own = key < 0 ? answer.domain : (domain ?? null);
    return answer.domain === own ? answer : Object.freeze({ ...answer, domain: own });
  }

  /** The technical segment of a score and a class. */
  segment(score: number, provider: ProviderClass): Segment {
    if (typeof score === 'number' && typeof provider === 'string') {
      const segment = this.#native.segment(score, provider);
      if (segment !== null) return segment as Segment;
    }
    return this.#call<{ segment: Segment }>('segment', { score, provider }).segment;
  }

  /** The priority score, 1 (best) to 7, of a segment and a score. */
  priorityScore(segment: Segment | null, score: number | null): number {
    if (
      (typeof segment === 'string' || segment === null) &&
      (typeof score === 'number' || score === null)
    ) {
      const priority = this.#native.priorityScore(segment, score);
      if (priority >= 0) return priority;
    }
    const request = { segment, score };
    return this.#call<{ priority_score: number }>('priority_score', request).priority_score;
  }

  /** Heats, commercial segment and category of a segment, a class and a score. */
  commercial(segment: Segment, provider: ProviderClass, score: number): CommercialAnswer {
    const fits =
      typeof segment === 'string' && typeof provider === 'string' && typeof score === 'number';
    const key = fits ? native.NativeEngine.commercialKey(segment, provider, score) : -1;
    return this.#consequences.get(key, () =>
      this.#call<CommercialAnswer>('commercial', { segment, provider, score }),
    );
  }

  /** What to do with a lead, by when, and how important it is. */
  nextStep(segment: Segment | null, opportunityPotential: number, urgency: Level): NextStepAnswer {
    return this.#call('next_step', { segment, opportunity_potential: opportunityPotential, urgency });
  }

  /** Assesses an observation, or its JSON text; the answer is the lead row. */
  assess(observation: Observation | string, lead?: Lead, today?: IsoDate | null): Assessment {
    if (typeof observation === 'string' && lead === undefined && (today ?? null) === null) {
      const answer = this.#native.assessText(observation);
      if (answer !== null) return answered(answer);
    }
    return this.#observed('assess', observation, { lead, today });
  }

  /** What to say and do with a lead, from an assessment or the fields of its row. */
  salesSummary(
    assessment: LeadRow,
    lead?: Lead,
    locale?: string,
    today?: IsoDate | null,
  ): SalesSummary {
    return this.#call('sales_summary', { assessment, lead, locale, today });
  }

  /** Everything about an observed domain: lead row, sales summary, script, open questions. */
  explain(
    observation: Observation | string,
    lead?: Lead,
    locale?: string,
    today?: IsoDate | null,
  ): ExplainAnswer {
    return this.#observed('explain', observation, { lead, locale, today });
  }

  /** Reads a domain from a spreadsheet cell, a web address or an e-mail address. */
  normalizeDomain(text: string): NormalizeDomainAnswer {
    return this.#call('normalize_domain', { text });
  }

  /** Reads an SPF record, with all findings. */
  parseSpf(text: string): ParseSpfAnswer {
    if (isPlain(text)) return answered(this.#native.parseSpf(text));
    return this.#call('parse_spf', { text });
  }

  /** Reads a DKIM key record, with all findings. */
  parseDkim(text: string): ParseDkimAnswer {
    if (isPlain(text)) return answered(this.#native.parseDkim(text));
    return this.#call('parse_dkim', { text });
  }

  /** Reads a DMARC record, with all findings. */
  parseDmarc(text: string): ParseDmarcAnswer {
    if (isPlain(text)) return answered(this.#native.parseDmarc(text));
    return this.#call('parse_dmarc', { text });
  }

  /** Names who takes a domain's mail, by its MX records alone. */
  classifyMx(records: readonly string[], domain?: string | null): ClassifyMxAnswer {
    if (domain === undefined || domain === null) {
      const joined = joinedPlain(records);
      if (joined !== undefined) return answered(this.#native.classifyMx(joined));
    }
    return this.#call('classify_mx', { records, domain });
  }

  /**
   * The hash of signals under which a score is cached, equal in every language. Numbers that
   * JavaScript cannot hold, and floats without a fraction, travel as JSON text.
   */
  signalsHash(signals: object | string): string {
    return this.#call<{ hash: string }>('signals_hash', { signals: signalsText(signals) }).hash;
  }

  /** The canonical JSON that the signals hash is taken of. */
  signalsCanonical(signals: object | string): string {
    const request = { signals: signalsText(signals) };
    return this.#call<{ canonical: string }>('signals_canonical', request).canonical;
  }

  /** What changed between two scans of a domain; `null` before a first scan. */
  diff(before: LeadRow | null, after: LeadRow): readonly Change[] {
    return this.#call<{ changes: Change[] }>('diff', { before, after }).changes;
  }

  /** What a lead's e-mail addresses say: their quality and their pattern. */
  contacts(domain: string, addresses: readonly string[]): ContactsAnswer {
    return this.#call('contacts', { domain, addresses });
  }

  /**
   * Scores many rows, on threads. Rows come back as they come in: objects, columns, or Arrow IPC. Null
   * is unknown, and an empty `dmarc_policy` an absent record. A faulty row has its fault in `error`.
   */
  scoreBatch(rows: readonly ScoreBatchRow[], options?: BatchOptions): Promise<readonly ScoreBatchAnswer[]>;
  scoreBatch(rows: Uint8Array, options?: BatchOptions): Promise<Uint8Array>;
  scoreBatch(rows: ScoreBatchColumns, options?: BatchOptions): Promise<ScoreBatchAnswerColumns>;
  scoreBatch(rows: unknown, options?: unknown): Promise<unknown> {
    return batched(this.#native, 'score_batch', rows, options);
  }

  /** Names who takes the mail of many domains, each by its MX records, or by one host. */
  classifyBatch(
    rows: readonly (readonly string[] | string | null)[],
    options?: BatchOptions,
  ): Promise<readonly ClassifyBatchAnswer[]>;
  classifyBatch(rows: Uint8Array, options?: BatchOptions): Promise<Uint8Array>;
  classifyBatch(rows: ClassifyBatchColumns, options?: BatchOptions): Promise<ClassifyBatchAnswerColumns>;
  classifyBatch(rows: unknown, options?: unknown): Promise<unknown> {
    return batched(this.#native, 'classify_batch', rows, options);
  }

  /** Assesses many observations, or rows of what is known of a domain. */
  assessBatch(
    rows: readonly (Observation | string)[] | readonly FlatObservation[],
    options?: AssessOptions,
  ): Promise<readonly AssessBatchAnswer[]>;
  assessBatch(rows: Uint8Array, options?: AssessOptions): Promise<Uint8Array>;
  assessBatch(rows: AssessBatchColumns, options?: AssessOptions): Promise<AssessBatchAnswerColumns>;
  assessBatch(rows: unknown, options?: unknown): Promise<unknown> {
    return batched(this.#native, 'assess_batch', rows, options);
  }

  #call<T>(operation: string, request: object): T {
    const text = requestText(request);
    return answered(guarded(() => this.#native.call(operation, text)));
  }

  #observed<T>(operation: string, observation: Observation | string, rest: object): T {
    if (typeof observation !== 'string') return this.#call(operation, { observation, ...rest });
    const text = requestText(rest);
    return answered(
      guarded(() => this.#native.callWithObservation(operation, observation, text)),
    );
  }

  /** A key where everything is as it should be; otherwise none, and the operation says why. */
  #scoreKey(provider: unknown, signals: unknown, mxRecords: unknown, domain: unknown): number {
    try {
      if (!isTextOrNull(provider) || !isTextOrNull(domain)) return -1;
      if (typeof signals !== 'object' || signals === null) return -1;
      for (const name in signals) if (!SIGNALS.has(name)) return -1;
      const { spf = null, dkim = null, dmarc_policy, spf_record = null } = signals as Untyped;
      if (!isFlag(spf) || !isFlag(dkim) || !isTextOrNull(spf_record)) return -1;
      // An empty text is a policy that is none, and not the absent record that it stands for in Rust.
      if (dmarc_policy === '' || !(dmarc_policy === undefined || isTextOrNull(dmarc_policy))) return -1;
      const records = mxRecords === null ? null : joined(mxRecords);
      if (records === undefined) return -1;
      const policy = dmarc_policy === undefined ? null : (dmarc_policy ?? '');
      return this.#native.scoreKey(provider, spf, dkim, policy, spf_record, records, domain);
    } catch {
      // Whatever an object throws while it is read, it throws again where that is said properly.
      return -1;
    }
  }
}

/** Records as one text, each ended by a line break; nothing where that cannot be. */
function joined(records: unknown): string | undefined {
  if (!Array.isArray(records)) return undefined;
  let text = '';
  for (const record of records as unknown[]) {
    if (typeof record !== 'string' || /[\r\n]/.test(record)) return undefined;
    text += record + '\n';
  }
  return text;
}

/** Texts of printable ASCII mean the same on both sides of the border, and hold no line break. */
const PLAIN = /^[ -~]*$/;

function isPlain(text: unknown): text is string {
  return typeof text === 'string' && PLAIN.test(text);
}

/** Plain records as one text, with a line break between them; nothing where that cannot be. */
function joinedPlain(records: unknown): string | undefined {
  if (!Array.isArray(records) || !records.every(isPlain)) return undefined;
  // A text that was put together would have to be copied together on its way.
  return records.length === 1 ? records[0] : records.length > 1 ? records.join('\n') : undefined;
}

function answered<T>(answer: string): T {
  return frozen(JSON.parse(answer) as T);
}

/** Signals as a program without types may hand them over. */
type Untyped = { [name in keyof Signals]: unknown };

const SIGNALS = new Set(['spf', 'dkim', 'dmarc_policy', 'spf_record']);

function isTextOrNull(value: unknown): value is string | null {
  return typeof value === 'string' || value === null;
}

function isFlag(value: unknown): value is boolean | null {
  return typeof value === 'boolean' || value === null;
}

function checkedPaths(paths: unknown): string[] {
  if (typeof paths === 'object' && paths !== null && Symbol.iterator in paths) {
    const list = [...(paths as Iterable<unknown>)];
    if (list.every((path) => typeof path === 'string')) return list as string[];
  }
  throw invalid('paths', 'give a list of paths');
}

function readText(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new HunterError('data_file_read', `${path}: ${problem}`, error);
  }
}
