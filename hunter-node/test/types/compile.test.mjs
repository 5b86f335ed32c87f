// The types of the package, read by the compiler in a project that has the tarball alone.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const compiler = join(process.env.HUNTER_MODULES, 'typescript', 'bin', 'tsc');

function compile() {
  const found = spawnSync(process.execPath, [compiler, '-p', here], { encoding: 'utf8' });
  assert.equal(found.status, 0, found.stdout + found.stderr);
}

test('programs by import and by require are typed', compile);

test('the fields of answers, and the options of a scan, are those of the catalogue', () => {
  const { operations, batches, scan } = JSON.parse(readFileSync(process.env.HUNTER_CATALOGUE, 'utf8'));
  const several = operations.filter(({ answer }) => answer.fields.length > 1);
  assert.ok(several.length > 0);
  const checks = several.map(({ answer: { name, fields } }) => {
    const wanted = fields.map((field) => JSON.stringify(field)).join(' | ');
    return `const _${name}: Same<keyof hunter.${name}, ${wanted}> = true;`;
  });
  for (const { name, output } of batches) {
    const wanted = output.map((column) => JSON.stringify(column.name)).join(' | ');
    const type = name.replace(/(?:^|_)([a-z])/g, (_, letter) => letter.toUpperCase());
    checks.push(`const _${type}: Same<keyof hunter.${type}Answer, ${wanted}> = true;`);
    checks.push(`const _${type}Columns: Same<keyof hunter.${type}AnswerColumns, ${wanted}> = true;`);
  }
  const union = (names) => names.map((name) => JSON.stringify(name)).join(' | ');
  const camelCase = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  const options = [...scan.settings.map(({ name }) => camelCase(name)), 'engine', 'signal'];
  checks.push(`const _ScanOptions: Same<keyof hunter.ScanOptions, ${union(options)}> = true;`);
  checks.push(`const _Observed: Same<keyof hunter.Observed, ${union(scan.output)}> = true;`);
  const text = `import type * as hunter from 'hunter-leads';
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
${[...new Set(checks)].join('\n')}
`;
  writeFileSync(join(here, 'fields.mts'), text);
  compile();
});
