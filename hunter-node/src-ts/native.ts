/** The native part: found by system and processor, loaded once a process. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface NativeEngine {
  call(operation: string, request: string): string;
  callWithObservation(operation: string, observation: string, rest: string): string;
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

interface Native {
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
