// Packs the package, installs the tarball into projects of its own, and runs the tests there: what is
// tested is what people install.

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const source = dirname(here);
const root = dirname(source);
const work = mkdtempSync(join(tmpdir(), 'hunter-leads-'));

function run(program, args, cwd) {
  return execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function project(name, type) {
  const folder = join(work, name);
  mkdirSync(folder);
  cpSync(join(here, name), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, type }));
  run('npm', ['install', '--no-audit', '--no-fund', '--offline', '--silent', tarball], folder);
  return folder;
}

let status = 1;
let tarball;
try {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', work], source));
  tarball = join(work, packed.filename);
  const operations = join(work, 'operations.json');
  const cargo = process.env.CARGO ?? 'cargo';
  writeFileSync(operations, run(cargo, ['run', '-q', '-p', 'xtask-gen', '--', 'operations'], root));

  const folders = [project('suite', 'module'), project('cjs', 'commonjs'), project('types', 'module')];
  const tests = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.includes('.test.'))
      .map((file) => join(folder, file)),
  );
  const env = {
    ...process.env,
    HUNTER_ROOT: root,
    HUNTER_OPERATIONS: operations,
    HUNTER_MODULES: join(source, 'node_modules'),
  };
  const found = spawnSync(process.execPath, ['--test', '--test-reporter=tap', ...tests], {
    cwd: work,
    env,
    stdio: 'inherit',
  });
  status = found.status ?? 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = status;
