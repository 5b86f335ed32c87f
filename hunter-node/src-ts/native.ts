/** The native part: found by system and processor, loaded once a process. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A column on its way between the languages: see `hunter-node/src/columns.rs`. */
export interface RawColumn {
  name: string;
  kind: string;
  valid?: Uint8Array | undefined;
  data?: Uint8Array | undefined;
  numbers?: Float64Array | undefined;
  offsets?: Int32Array | undefined;
  lists?: Int32Array | undefined;
}

export interface RawOutcome {
  ipc?: Uint8Array | null;
  columns?: RawColumn[] | null;
  fault?: { code: string; message: string } | null;
}

export interface NativeEngine {
  batchOfIpc(
    operation: string,
    bytes: Uint8Array,
    threads: number,
    observedAt?: string | null,
  ): Promise<RawOutcome>;
  batchOfColumns(
    operation: string,
    columns: RawColumn[],
    threads: number,
    observedAt?: string | null,
  ): Promise<RawOutcome>;
  call(operation: string, request: string): string;
  callWithObservation(operation: string, observation: string, rest: string): string;
  classifyMx(records: string): string;
  parseSpf(text: string): string;
  parseDkim(text: string): string;
  parseDmarc(text: string): string;
  assessText(observation: string): string | null;
  segment(score: number, provider: string): string | null;
  priorityScore(segment: string | null, score: number | null): number;
  scoreKey(
    provider: string | null,
    spf: boolean | null,
    dkim: boolean | null,
    dmarcPolicy: string | null,
    spfRecord: string | null,
    mxRecords: string | null,
    domain: string | null,
  ): number;
}

/** What became of one input: see `hunter-node/src/scan.rs`. */
export interface RawObserved {
  index: number;
  input: string;
  domain?: string | null;
  suggestion?: string | null;
  observation?: string | null;
  fault?: { code: string; message: string } | null;
}

export interface NativeScan {
  readonly concurrency: number;
  readonly problems: readonly { code: string; message: string }[];
  submit(index: number, domain: string): boolean;
  poll(): RawObserved | null;
  wait(): Promise<void>;
  end(): Promise<void>;
}

interface Native {
  NativeScan: new (engine: NativeEngine, settings: string) => NativeScan;
  NativeEngine: {
    new (files: { name: string; text: string }[], tuningFactor?: number | null): NativeEngine;
    commercialKey(segment: string, provider: string, score: number): number;
  };
}

function load(): Native {
  const file = `hunter-leads.${process.platform}-${process.arch}.node`;
  const path = join(__dirname, '..', 'native', file);
  if (!existsSync(path)) {
    throw new Error(`hunter-leads has no native part for this system: ${file} is missing`);
  }
  return require(path) as Native;
}

export const native: Native = load();
