// What the tests share.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = process.env.HUNTER_ROOT;
export const catalogue = JSON.parse(readFileSync(process.env.HUNTER_CATALOGUE, 'utf8'));
for (const operation of catalogue.operations) operation.example = JSON.parse(operation.example);

export const moment = '2026-11-24T09:30:00Z';

/** A file of the repository. */
export const textOf = (path) => readFileSync(join(root, ...path.split('/')), 'utf8');

/** Every code that `docs/ERRORS.md` explains. */
export const documented = new Set([...textOf('docs/ERRORS.md').matchAll(/^\| `(\w+)` \|/gm)].map((m) => m[1]));
assert.ok(documented.size > 20);

/** The lines of a vector file as text; an empty file is a failure. */
export function lines(file) {
  const text = readFileSync(join(root, 'tests', 'vectors', file), 'utf8');
  const found = text.split('\n').filter((line) => line !== '');
  assert.ok(found.length > 0, `${file} holds no vectors`);
  return found;
}

export function vectors(file) {
  return lines(file).map((line) => JSON.parse(line));
}

/** The fields that a vector lists must equal ours; others are free. */
export function assertListed(ours, expected, line) {
  assert.ok(Object.keys(expected).length > 0);
  for (const [name, value] of Object.entries(expected)) {
    assert.deepEqual(ours[name], value, `${name} of ${JSON.stringify(line)}`);
  }
}

/** The name that Node has for `mx_records`: `mxRecords`. */
export function camelCase(name) {
  return name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
}
