/** Arguments as JSON text. */

import { HunterError, invalid } from './errors.js';

/** An object of arguments as JSON text; what JSON cannot say is an argument that does not fit. */
export function requestText(request: object): string {
  try {
    return JSON.stringify(request, sayable);
  } catch (error) {
    if (error instanceof HunterError) throw error;
    throw invalid('request', 'cannot be written as JSON', error);
  }
}

/** Refuses what `JSON.stringify` would drop, or turn into null. What is undefined is not given. */
function sayable(name: string, value: unknown): unknown {
  const kind = typeof value;
  if (kind === 'bigint' || kind === 'function' || kind === 'symbol') {
    throw invalid(name, `a ${kind} is no value of an argument`);
  }
  if (kind === 'number' && !Number.isFinite(value)) {
    throw invalid(name, `${String(value)} is no value of an argument`);
  }
  return value;
}

/** One level more than is read, so that what is nested too deeply is refused where all else is. */
const DEEPEST = 129;

/**
 * Signals as JSON text that says the same in every language. It differs from `JSON.stringify` where
 * that would change a value without a word: `NaN`, the infinities and -0 are kept, a bigint is written
 * in full, and a whole number beyond 2^53, whose last digits JavaScript does not hold, is refused.
 */
export function signalsText(signals: unknown): string {
  if (typeof signals === 'string') return escapeLoneSurrogates(signals);
  if (typeof signals !== 'object' || signals === null) {
    throw invalid('signals', 'give an object, or JSON text');
  }
  try {
    return write(signals, new Set());
  } catch (error) {
    if (error instanceof HunterError) throw error;
    throw invalid('signals', 'cannot be read', error);
  }
}

function write(value: unknown, above: Set<object>): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value.toString();
    case 'number':
      return writeNumber(value);
    case 'object':
      return value === null ? 'null' : writeObject(value, above);
    default:
      throw invalid('signals', `a value is ${typeof value}, which JSON cannot say`);
  }
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && !text.includes('e')) {
    throw invalid('signals', `${text} is beyond what a number holds: give a bigint, or JSON text`);
  }
  return text;
}

function writeObject(value: object, above: Set<object>): string {
  if (above.has(value)) throw invalid('signals', 'an object refers to itself');
  if (above.size >= DEEPEST) return 'null';
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (kind !== 'Object' && kind !== 'Array') throw invalid('signals', `a ${kind} is no JSON value`);
  above.add(value);
  const parts: string[] = [];
  const isList = Array.isArray(value);
  if (isList) {
    for (const item of value) parts.push(write(item, above));
  } else {
    for (const [name, item] of Object.entries(value)) {
      if (item !== undefined) parts.push(`${JSON.stringify(name)}:${write(item, above)}`);
    }
  }
  above.delete(value);
  return isList ? `[${parts.join()}]` : `{${parts.join()}}`;
}

/** Half a pair has no UTF-8; as an escape it survives the way into Rust. */
function escapeLoneSurrogates(text: string): string {
  return text.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}
