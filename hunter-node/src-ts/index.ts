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

export { Engine, type EngineOptions } from './engine.js';
export { HunterError } from './errors.js';
export type * from './types.js';
export * from './words.js';
