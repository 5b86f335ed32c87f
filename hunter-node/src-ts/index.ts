/**
 * Hunter for Node: reads what a domain shows in public, scores it and ranks leads.
 *
 * ```js
 * import { Engine } from 'hunter-leads';
 *
 * const engine = new Engine();
 * const { score, segment } = engine.score('Google', { spf: true }, ['1 aspmx.l.google.com']);
 * ```
 */

export { type AssessOptions, type BatchOptions } from './batch.js';
export type * from './batch-types.js';
export { valuesOf } from './columns.js';
export type {
  Column, FlagColumn, FloatColumn, NumberColumn, TextColumn, TextListColumn, ValueOf,
} from './columns.js';
export { Engine, type EngineOptions } from './engine.js';
export { HunterError } from './errors.js';
export { scan, type AbortSignalLike, type Observed, type Scan, type ScanOptions } from './scan.js';
export type * from './types.js';
export * from './words.js';
