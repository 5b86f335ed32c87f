// Installs the packed package into projects of its own, and runs the tests there: what is tested is
// what people install.
//
//     node test/run.mjs [WORD...]      # only the files whose names contain one of the words
//
// `HUNTER_TARBALLS` (a folder with one tarball) and `HUNTER_CATALOGUE` (the list of operations as JSON)
// spare the work of making them.

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const source = dirname(here);
const root = dirname(source);
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const cargo = process.env.CARGO ?? 'cargo';
const words = process.argv.slice(2);

function run(program, args, cwd) {
  return execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function tarballIn(folder) {
  const found = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  if (found.length !== 1) throw new Error(`${folder} holds ${found.length} tarballs, and not one`);
  return join(folder, found[0]);
}

/** A folder with a copy of the files, the tarball, and packages that the tests use besides. */
function project(work, tarball, { name, from, type, packages }) {
  const folder = join(work, name);
  cpSync(from, folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, type }));
  run(npm, ['install', '--no-audit', '--no-fund', '--offline', '--silent', tarball], folder);
  for (const used of packages) {
    symlinkSync(join(source, 'node_modules', used), join(folder, 'node_modules', used), 'junction');
  }
  return readdirSync(folder)
    .filter((file) => file.includes('.test.'))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
    .map((file) => join(folder, file));
}

const PROJECTS = [
  { name: 'suite', from: join(here, 'suite'), type: 'module', packages: ['apache-arrow'] },
  { name: 'cjs', from: join(here, 'cjs'), type: 'commonjs', packages: [] },
  { name: 'types', from: join(here, 'types'), type: 'module', packages: [] },
  { name: 'service', from: join(root, 'examples', 'node-service'), type: 'module', packages: [] },
];

function main(work) {
  let tarballs = process.env.HUNTER_TARBALLS;
  if (tarballs === undefined) {
    tarballs = join(work, 'tarballs');
    mkdirSync(tarballs);
    run(npm, ['pack', '--silent', '--pack-destination', tarballs], source);
  }
  let catalogue = process.env.HUNTER_CATALOGUE;
  if (catalogue === undefined) {
    catalogue = join(work, 'operations.json');
    writeFileSync(catalogue, run(cargo, ['run', '-q', '-p', 'xtask-gen', '--', 'operations'], root));
  }
  const tarball = tarballIn(tarballs);
  const tests = PROJECTS.flatMap((wanted) => project(work, tarball, wanted));
  if (tests.length === 0) throw new Error(`no test file is named like ${words.join(' or ')}`);
  const found = spawnSync(process.execPath, ['--test', '--test-reporter=spec', ...tests], {
    cwd: work,
    env: {
      ...process.env,
      HUNTER_ROOT: root,
      HUNTER_CATALOGUE: catalogue,
      HUNTER_MODULES: join(source, 'node_modules'),
    },
    stdio: 'inherit',
  });
  return found.status ?? 1;
}

const work = mkdtempSync(join(tmpdir(), 'hunter-leads-'));
try {
  process.exitCode = main(work);
} finally {
  rmSync(work, { recursive: true, force: true });
}
