/** What batches take and give: the columns of `docs/PARITY.md`, as rows and as columns. */

import type { FlagColumn, FloatColumn, NumberColumn, TextColumn, TextListColumn } from './columns.js';
import type { Assessment, ClassifyMxAnswer, ScoreAnswer } from './types.js';
import type { DmarcPolicy, ProviderClass } from './words.js';

/** Why a row has no answer, `code: message`; `null` where it has one. */
export interface RowFault {
  readonly error: string | null;
}

/** The fields of an answer, all `null` in a faulty row. */
type Row<T> = { readonly [name in keyof T]: T[name] | null } & RowFault;

/** One row for `scoreBatch`. What is left out or `null` is unknown. */
export interface ScoreBatchRow {
  /** Only checked. */
  domain?: string | null | undefined;
  provider?: ProviderClass | null | undefined;
  spf?: boolean | null | undefined;
  dkim?: boolean | null | undefined;
  /** Empty where there is no record. */
  dmarc_policy?: DmarcPolicy | '' | null | undefined;
  spf_record?: string | null | undefined;
  /** An empty list is the authoritative "no MX"; without an answer there is no verdict. */
  mx_records?: readonly string[] | null | undefined;
}

type Verdict = Pick<
  ScoreAnswer,
  | 'score' | 'score_low' | 'score_high' | 'partial' | 'segment_certain' | 'segment' | 'technical_heat'
  | 'commercial_segment' | 'commercial_heat' | 'priority_category' | 'priority_score'
>;
type MailProvider = Omit<ClassifyMxAnswer, 'undetermined' | 'evidence'>;

/** A verdict, or a fault; all `null` without an answer to the MX question. */
export type ScoreBatchAnswer = Row<Verdict>;
export type ClassifyBatchAnswer = Row<MailProvider>;
export type AssessBatchAnswer = Row<Assessment>;

/** What is known of a domain where no observation was kept. `null` was not asked. */
export interface FlatObservation {
  domain: string;
  /** As `10 host`, or bare hosts that count as equal. */
  mx?: readonly string[] | null | undefined;
  /** TXT records at the domain. */
  txt?: readonly string[] | null | undefined;
  /** The TXT record at `_dmarc`; empty where there is none. */
  dmarc?: string | null | undefined;
  /** Targets of the CNAME records of DKIM selectors. */
  dkim_cnames?: readonly string[] | null | undefined;
  /** The target of the CNAME record at `autodiscover`; empty where there is none. */
  autodiscover?: string | null | undefined;
}

/** Texts, a row each. */
export type Texts = TextColumn | readonly (string | null)[];
/** Lists of texts, a row each. */
export type TextLists = TextListColumn | readonly (readonly string[] | null)[];
/** Flags, a row each. */
export type Flags = FlagColumn | readonly (boolean | null)[];

/** Columns for `scoreBatch`, all of one length. A column that is left out is unknown throughout. */
export interface ScoreBatchColumns {
  domain?: Texts | undefined;
  provider?: Texts | undefined;
  spf?: Flags | undefined;
  dkim?: Flags | undefined;
  dmarc_policy?: Texts | undefined;
  spf_record?: Texts | undefined;
  mx_records?: TextLists | undefined;
}

/** The column for `classifyBatch`. */
export interface ClassifyBatchColumns {
  mx: Texts | TextLists;
}

/** Columns for `assessBatch`: observations as JSON text, or flat columns. */
export type AssessBatchColumns =
  | { observation: Texts }
  | {
      domain: Texts;
      mx?: TextLists | undefined;
      txt?: TextLists | undefined;
      dmarc?: Texts | undefined;
      dkim_cnames?: TextLists | undefined;
      autodiscover?: Texts | undefined;
    };

/** The column of a field, by the type of its values. Nested values are JSON text. */
type ColumnOf<T> = [NonNullable<T>] extends [boolean]
  ? FlagColumn
  : [NonNullable<T>] extends [string]
    ? TextColumn
    : [NonNullable<T>] extends [readonly string[]]
      ? TextListColumn
      : [NonNullable<T>] extends [number]
        ? NumberColumn
        : TextColumn;

type Columns<T> = { readonly [name in keyof T]: name extends 'confidence' ? FloatColumn : ColumnOf<T[name]> } & {
  readonly error: TextColumn;
};

export type ScoreBatchAnswerColumns = Columns<Verdict>;
export type ClassifyBatchAnswerColumns = Columns<MailProvider>;
export type AssessBatchAnswerColumns = Columns<Assessment>;
