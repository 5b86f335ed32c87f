// Builds the native part with cargo and puts it where the package looks for it.
//
//     node build-native.mjs [--release]

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const cargo = process.env.CARGO ?? 'cargo';
const profile = process.argv.includes('--release') ? ['--release'] : [];
const args = ['build', '-p', 'hunter-node', '--message-format=json-render-diagnostics', ...profile];
const output = execFileSync(cargo, args, {
  cwd: here,
  encoding: 'utf8',
  maxBuffer: 1 << 28,
  stdio: ['ignore', 'pipe', 'inherit'],
});

// Cargo says where it put the library; the name depends on the system.
const built = output
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line))
  .find((message) => message.reason === 'compiler-artifact' && message.target.name === 'hunter_node');
if (built === undefined) throw new Error('cargo names no library of hunter-node');

const folder = join(here, 'native');
const file = join(folder, `hunter-leads.${process.platform}-${process.arch}.node`);
mkdirSync(folder, { recursive: true });
// A copy over a library that a process has loaded would change it under its feet.
rmSync(file, { force: true });
copyFileSync(built.filenames[0], file);
