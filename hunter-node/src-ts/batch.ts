/** Batches: rows of any form to the native part, and answers of the same form back. */

import { plainColumns, rawColumn, type Column, type InputKind } from './columns.js';
import { HunterError, guarded, invalid } from './errors.js';
import { frozen } from './freeze.js';
import { requestText } from './json.js';
import type { NativeEngine, RawColumn, RawOutcome } from './native.js';
import type { Timestamp } from './types.js';

export interface BatchOptions {
  /** How many threads work on the batch, 1 to 1024; as many as there are processors if not given. */
  threads?: number;
}

export interface AssessOptions extends BatchOptions {
  /** When flat rows were observed; now if not given. Observations say it themselves. */
  observedAt?: Timestamp | Date;
}

export type BatchName = 'score_batch' | 'classify_batch' | 'assess_batch';

/** The columns that each batch takes. */
const INPUT: { [name in BatchName]: { [column: string]: InputKind } } = {
  score_batch: {
    domain: 'utf8',
    provider: 'utf8',
    spf: 'bool',
    dkim: 'bool',
    dmarc_policy: 'utf8',
    spf_record: 'utf8',
    mx_records: 'list',
  },
  classify_batch: { mx: 'texts' },
  assess_batch: {
    observation: 'utf8',
    domain: 'utf8',
    mx: 'list',
    txt: 'list',
    dmarc: 'utf8',
    dkim_cnames: 'list',
    autodiscover: 'utf8',
  },
};

/** Columns that hold JSON: a row has what it says. */
const JSON_COLUMNS = new Set(['evidence', 'gateways', 'senders', 'identity', 'findings', 'breakdown']);

const MOST_THREADS = 1024;

/** Does a batch. Whatever is wrong with its arguments refuses the promise. */
export async function batched(
  engine: NativeEngine,
  name: BatchName,
  rows: unknown,
  options: unknown,
): Promise<unknown> {
  const { threads, observedAt } = checkedOptions(options);
  if (rows instanceof Uint8Array) {
    const outcome = await guarded(() => engine.batchOfIpc(name, rows, threads, observedAt));
    return given(outcome).ipc;
  }
  const columns = guardedReading(() => (Array.isArray(rows) ? columnsOfRows(name, rows) : columnsOf(name, rows)));
  if (columns.length === 0 && Array.isArray(rows)) return Object.freeze([]);
  const outcome = await guarded(() => engine.batchOfColumns(name, columns, threads, observedAt));
  const answer = (given(outcome).columns ?? []) as (RawColumn & Column)[];
  return Array.isArray(rows) ? rowsOf(answer) : columnObject(answer);
}

function given(outcome: RawOutcome): RawOutcome {
  if (outcome.fault) throw new HunterError(outcome.fault.code, outcome.fault.message);
  return outcome;
}

function checkedOptions(options: unknown): { threads: number; observedAt: string | null } {
  if (options === undefined) return { threads: 0, observedAt: null };
  if (typeof options !== 'object' || options === null) throw invalid('options', 'give an object');
  const { threads, observedAt = null, ...others } = options as { [name: string]: unknown };
  const [other] = Object.keys(others);
  if (other !== undefined) throw invalid(`options.${other}`, 'is not known');
  if (threads !== undefined) {
    if (!Number.isInteger(threads)) throw invalid('options.threads', 'give a whole number');
    if ((threads as number) < 1 || (threads as number) > MOST_THREADS) {
      throw new HunterError('argument_range', `threads: ${String(threads)} is out of range: use 1 to ${MOST_THREADS}`);
    }
  }
  return { threads: (threads as number | undefined) ?? 0, observedAt: moment(observedAt) };
}

function moment(observedAt: unknown): string | null {
  if (observedAt === null || typeof observedAt === 'string') return observedAt;
  if (observedAt instanceof Date && !Number.isNaN(observedAt.getTime())) return observedAt.toISOString();
  throw invalid('options.observedAt', 'give a date, or text as RFC 3339 writes it');
}

/** What an object throws while it is read is the cause of a refusal. */
function guardedReading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof HunterError) throw error;
    throw invalid('rows', 'cannot be read', error);
  }
}

function columnsOf(name: BatchName, given: unknown): RawColumn[] {
  if (typeof given !== 'object' || given === null) {
    throw invalid('rows', 'give a list of rows, columns by their names, or Arrow IPC as a Uint8Array');
  }
  return Object.entries(given)
    .filter(([, column]) => column !== undefined)
    .map(([column, values]) => rawColumn(column, values, kindOf(name, column)));
}

function columnsOfRows(name: BatchName, rows: readonly unknown[]): RawColumn[] {
  if (rows.length === 0) return [];
  if (name === 'classify_batch') return [rawColumn('mx', rows, 'texts')];
  if (name === 'assess_batch' && isObservation(rows[0])) {
    const texts = rows.map((row) => (typeof row === 'object' && row !== null ? requestText(row) : row));
    return [rawColumn('observation', texts, 'utf8')];
  }
  const values = new Map<string, unknown[]>();
  rows.forEach((row, nth) => {
    if (typeof row !== 'object' || row === null) throw invalid(`rows[${nth}]`, 'give an object');
    for (const column in row) {
      let list = values.get(column);
      if (list === undefined) {
        kindOf(name, column);
        values.set(column, (list = new Array<unknown>(rows.length).fill(null)));
      }
      list[nth] = (row as { [column: string]: unknown })[column];
    }
  });
  // Rows that say nothing are rows all the same.
  if (values.size === 0) values.set('domain', new Array<unknown>(rows.length).fill(null));
  return Array.from(values, ([column, list]) => rawColumn(column, list, kindOf(name, column)));
}

function isObservation(row: unknown): boolean {
  return typeof row === 'string' || (typeof row === 'object' && row !== null && 'v' in row);
}

function kindOf(name: BatchName, column: string): InputKind {
  const known = INPUT[name];
  if (Object.hasOwn(known, column)) return known[column]!;
  const problem = `is not known: ${name} takes ${Object.keys(known).join(', ')}`;
  throw new HunterError('column_unknown', `column \`${column}\`: ${problem}`);
}

function columnObject(columns: (RawColumn & Column)[]): object {
  const entries = columns.map(({ name, ...parts }) => {
    const own = Object.entries(parts).filter(([, part]) => part !== undefined && part !== null);
    return [name, Object.freeze(Object.fromEntries(own))];
  });
  return Object.freeze(Object.fromEntries(entries) as object);
}

function rowsOf(columns: (RawColumn & Column)[]): readonly object[] {
  const names = columns.map(({ name }) => name);
  const values = columns.map((column) => {
    const found = plainColumns(column);
    if (!JSON_COLUMNS.has(column.name)) return found;
    return found.map((text) => (text === null ? null : frozen(JSON.parse(text as string) as unknown)));
  });
  const rows: object[] = [];
  for (let row = 0; row < (values[0]?.length ?? 0); row += 1) {
    const answer: { [name: string]: unknown } = {};
    for (let nth = 0; nth < names.length; nth += 1) answer[names[nth]!] = values[nth]![row];
    rows.push(Object.freeze(answer));
  }
  return Object.freeze(rows);
}
