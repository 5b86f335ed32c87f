/** Columns: typed arrays in the layout of Arrow, and what makes them of values and values of them. */

import { HunterError, invalid } from './errors.js';
import type { RawColumn } from './native.js';

/** A byte a row, 0 for false. `valid` has 0 where the row is null, and is left out where none is. */
export interface FlagColumn {
  readonly kind: 'bool';
  readonly data: Uint8Array;
  readonly valid?: Uint8Array;
}

/** Small whole numbers. */
export interface NumberColumn {
  readonly kind: 'uint8';
  readonly data: Uint8Array;
  readonly valid?: Uint8Array;
}

export interface FloatColumn {
  readonly kind: 'float64';
  readonly numbers: Float64Array;
  readonly valid?: Uint8Array;
}

/** All texts as UTF-8, one behind the other; text `n` lies between `offsets[n]` and `offsets[n + 1]`. */
export interface TextColumn {
  readonly kind: 'utf8';
  readonly data: Uint8Array;
  readonly offsets: Int32Array;
  readonly valid?: Uint8Array;
}

/** The same with lists: row `n` has the texts from `lists[n]` to before `lists[n + 1]`. */
export interface TextListColumn {
  readonly kind: 'list';
  readonly data: Uint8Array;
  readonly offsets: Int32Array;
  readonly lists: Int32Array;
  readonly valid?: Uint8Array;
}

export type Column = FlagColumn | NumberColumn | FloatColumn | TextColumn | TextListColumn;

/** What a column of that type holds in a row. */
export type ValueOf<C extends Column> = C extends FlagColumn
  ? boolean
  : C extends TextColumn
    ? string
    : C extends TextListColumn
      ? readonly string[]
      : number;

/** The values of a column, `null` where a row is null. */
export function valuesOf<C extends Column>(column: C): (ValueOf<C> | null)[] {
  return plainColumns(column) as (ValueOf<C> | null)[];
}

export function plainColumns(column: Column): unknown[] {
  const { valid } = column;
  const values = present(column);
  if (valid !== undefined) {
    for (let row = 0; row < values.length; row += 1) if (valid[row] === 0) values[row] = null;
  }
  return values;
}

function present(column: Column): unknown[] {
  switch (column.kind) {
    case 'bool':
      return Array.from(column.data, (flag) => flag !== 0);
    case 'uint8':
      return Array.from(column.data);
    case 'float64':
      return Array.from(column.numbers);
    case 'utf8':
      return texts(column.data, column.offsets);
    case 'list': {
      const items = texts(column.data, column.offsets);
      const rows: unknown[] = [];
      for (let row = 0; row + 1 < column.lists.length; row += 1) {
        rows.push(Object.freeze(items.slice(column.lists[row], column.lists[row + 1])));
      }
      return rows;
    }
    default:
      throw invalid('column', 'give a column');
  }
}

/** So much text is cut from one string; V8 has no longer ones. */
const LONGEST = 1 << 28;

function texts(data: Uint8Array, offsets: Int32Array): string[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const found: string[] = [];
  const whole = bytes.length <= LONGEST ? bytes.toString('utf8') : '';
  // Where every byte is a character, places in the bytes are places in the string.
  const isPlain = whole.length === bytes.length;
  for (let row = 0; row + 1 < offsets.length; row += 1) {
    const start = offsets[row]!;
    const end = offsets[row + 1]!;
    found.push(isPlain ? whole.substring(start, end) : bytes.toString('utf8', start, end));
  }
  return found;
}

/** A column from whatever a program gives: a column, or values of one kind. */
export function rawColumn(name: string, given: unknown, kind: InputKind): RawColumn {
  if (Array.isArray(given)) return rawValues(name, given, kind);
  const { kind: found, valid, data, offsets, lists } = fields(name, given);
  if (!(data instanceof Uint8Array)) throw invalid(name, 'give `data` as a Uint8Array');
  if (!(valid === undefined || valid instanceof Uint8Array)) {
    throw invalid(name, 'give `valid` as a Uint8Array');
  }
  const raw: RawColumn = { name, kind: String(found), data, valid };
  if (found === 'utf8' || found === 'list') raw.offsets = places(name, 'offsets', offsets);
  if (found === 'list') raw.lists = places(name, 'lists', lists);
  return raw;
}

function fields(name: string, given: unknown): { [field: string]: unknown } {
  if (typeof given === 'object' && given !== null) {
    const { kind, valid, data, offsets, lists } = given as { [field: string]: unknown };
    if (kind === 'bool' || kind === 'utf8' || kind === 'list') return { kind, valid, data, offsets, lists };
  }
  throw invalid(name, 'give a list of values, or a column of the kind bool, utf8 or list');
}

function places(name: string, field: string, given: unknown): Int32Array {
  if (given instanceof Int32Array) return given;
  throw invalid(name, `give \`${field}\` as an Int32Array`);
}

/** What a column of values may hold; `texts` takes single texts and lists of them. */
export type InputKind = 'bool' | 'utf8' | 'list' | 'texts';

function rawValues(name: string, values: readonly unknown[], kind: InputKind): RawColumn {
  if (kind === 'texts') {
    const hasLists = values.some((value) => Array.isArray(value));
    return rawValues(name, values, hasLists ? 'list' : 'utf8');
  }
  if (kind === 'bool') return rawFlags(name, values);
  const writer = new TextWriter(name);
  const valid = new Uint8Array(values.length);
  const lists = kind === 'list' ? new Int32Array(values.length + 1) : undefined;
  values.forEach((value, row) => {
    const isNull = value === null || value === undefined;
    if (lists === undefined) {
      writer.add(isNull ? '' : value, row);
    } else {
      if (Array.isArray(value)) for (const item of value as unknown[]) writer.add(item, row);
      else if (typeof value === 'string') writer.add(value, row);
      else if (!isNull) throw invalid(`${name}[${row}]`, 'give a list of texts, or null');
      lists[row + 1] = writer.count;
    }
    valid[row] = isNull ? 0 : 1;
  });
  return { name, kind: lists === undefined ? 'utf8' : 'list', valid, lists, ...writer.finish() };
}

function rawFlags(name: string, values: readonly unknown[]): RawColumn {
  const data = new Uint8Array(values.length);
  const valid = new Uint8Array(values.length);
  values.forEach((value, row) => {
    if (value === null || value === undefined) return;
    if (typeof value !== 'boolean') throw invalid(`${name}[${row}]`, 'give true, false or null');
    valid[row] = 1;
    data[row] = value ? 1 : 0;
  });
  return { name, kind: 'bool', data, valid };
}

const ENCODER = new TextEncoder();
/** Longer texts are left to the encoder; what is called for each text costs more than it saves. */
const SHORT = 48;
/** The offsets of Arrow end here. */
const MOST_BYTES = 2 ** 31 - 1;

/** Texts as UTF-8, one behind the other. */
class TextWriter {
  readonly #name: string;
  #data = new Uint8Array(1024);
  #length = 0;
  #offsets = new Int32Array(256);
  count = 0;

  constructor(name: string) {
    this.#name = name;
  }

  add(text: unknown, row: number): void {
    if (typeof text !== 'string') throw invalid(`${this.#name}[${row}]`, 'give a text, or null');
    this.#reserve(text.length * 3);
    if (text.length > SHORT || !this.#addPlain(text)) {
      const { written } = ENCODER.encodeInto(text, this.#data.subarray(this.#length));
      this.#length += written;
    }
    this.count += 1;
    if (this.count === this.#offsets.length) {
      const longer = new Int32Array(this.count * 2);
      longer.set(this.#offsets);
      this.#offsets = longer;
    }
    this.#offsets[this.count] = this.#length;
  }

  finish(): { data: Uint8Array; offsets: Int32Array } {
    return {
      data: this.#data.subarray(0, this.#length),
      offsets: this.#offsets.subarray(0, this.count + 1),
    };
  }

  /** Writes a text of ASCII; false where it is none. */
  #addPlain(text: string): boolean {
    const data = this.#data;
    const start = this.#length;
    for (let place = 0; place < text.length; place += 1) {
      const unit = text.charCodeAt(place);
      if (unit > 127) return false;
      data[start + place] = unit;
    }
    this.#length = start + text.length;
    return true;
  }

  #reserve(bytes: number): void {
    const wanted = this.#length + bytes;
    if (wanted <= this.#data.length) return;
    if (wanted > MOST_BYTES) {
      const problem = `column \`${this.#name}\`: holds more than 2 GiB of text: give fewer rows at a time`;
      throw new HunterError('argument_range', problem);
    }
    const longer = new Uint8Array(Math.min(MOST_BYTES, Math.max(wanted, this.#data.length * 2)));
    longer.set(this.#data.subarray(0, this.#length));
    this.#data = longer;
  }
}
