// The scanner, against a name server on this machine: no test asks another network.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';

import { Engine, HunterError, scan } from 'hunter-leads';

import { mx, nameServer, ns, txt } from './nameserver.mjs';
import { camelCase, catalogue, documented } from './support.mjs';

const MICROSOFT = 'ornek-com-tr.mail.protection.outlook.com';
const numbered = (from, count) => Array.from({ length: count }, (_, nth) => `d${from + nth}.example`);
let server;

before(async () => {
  server = await nameServer({
    'ornek.com.tr': [mx(10, MICROSOFT), txt('v=spf1 include:spf.protection.outlook.com -all'), ns('ns.ornek.com.tr')],
    '_dmarc.ornek.com.tr': [txt('v=DMARC1; p=reject')],
    'ikinci.com.tr': [mx(5, 'mx.yandex.net'), ns('ns.ikinci.com.tr')],
    'sessiz.com.tr': [mx(5, 'mx.yandex.net')],
    ...Object.fromEntries(numbered(0, 200).map((name) => [name, [mx(10, `mail.${name}`)]])),
  });
});
beforeEach(() => {
  server.silent.clear();
  server.asked.length = 0;
});
after(() => server.close());

const options = (more) => ({ resolvers: [server.resolver], profile: 'light', timeoutMs: 500, attempts: 1, ...more });
/** What would take a minute if it were waited for. */
const slow = (more) => options({ timeoutMs: 60_000, deadlineMs: 60_000, ...more });

async function gathered(scanning) {
  const results = [];
  for await (const seen of scanning) results.push(seen);
  return results.sort((one, other) => one.index - other.index);
}

async function until(met) {
  while (!met()) await sleep(5);
}

/** How many sockets this process has open besides those of the threads that all scans share. */
async function sockets() {
  assert.deepEqual(await gathered(scan([], options())), []);
  const open = (number) => {
    try {
      return readlinkSync(`/proc/self/fd/${number}`).startsWith('socket:');
    } catch {
      return false; // The one that the listing itself had open.
    }
  };
  return readdirSync('/proc/self/fd').filter(open).length;
}

/** Waits until no more sockets are open than earlier: within seconds, where answers would take a minute. */
async function freed(earlier) {
  for (let nth = 0; nth < 500 && (await sockets()) > earlier; nth += 1) await sleep(10);
  assert.equal(await sockets(), earlier);
}

test('each input gives one output', async () => {
  const domains = ['https://www.ornek.com.tr/', 'no domain', 'ikinci.com.tr', 'yok.com.tr', 'ornek.com.tr'];
  const results = await gathered(scan(domains, options()));
  assert.deepEqual(results.map(({ index }) => index), [0, 1, 2, 3, 4]);
  assert.deepEqual(results.map(({ input }) => input), domains);
  for (const seen of results) assert.ok(Object.isFrozen(seen));
  const [, refused, second, , last] = results;
  assert.ok(refused.error instanceof HunterError && refused.error.code.startsWith('domain_'));
  assert.ok(documented.has(refused.error.code));
  assert.deepEqual([refused.domain, refused.observation], [null, null]);
  assert.equal(last.error, null);
  const engine = new Engine();
  const lead = engine.assess(last.observation);
  assert.deepEqual([lead.domain, lead.provider, lead.dmarc_policy], ['ornek.com.tr', 'M365', 'reject']);
  assert.equal(JSON.parse(last.observation).profile, 'light');
  assert.notEqual(engine.assess(second.observation).provider, 'M365');
});

test('the fields of an output are those of the catalogue', async () => {
  const [seen] = await gathered(scan(['ornek.com.tr'], options()));
  assert.deepEqual(Object.keys(seen), catalogue.scan.output);
});

test('any iterable will do, and an asynchronous one', async () => {
  async function* later() {
    for (const domain of numbered(0, 10)) {
      await sleep(1);
      yield domain;
    }
  }
  const thenable = { [Symbol.asyncIterator]: () => ({ next: () => ({ then: (tell) => tell({ done: true }) }) }) };
  for (const domains of [new Set(numbered(0, 10)), numbered(0, 10).values(), later()]) {
    const results = await gathered(scan(domains, options({ concurrency: 3 })));
    assert.deepEqual(results.map(({ domain }) => domain), numbered(0, 10));
  }
  assert.deepEqual(await gathered(scan(thenable, options())), []);
});

test('input is read as it is needed', async () => {
  let read = 0;
  let left = false;
  function* endless() {
    try {
      for (;;) yield `d${read++ % 200}.example`;
    } finally {
      left = true;
    }
  }
  async function* endlessLater() {
    yield* endless();
  }
  for (const domains of [endless(), endlessLater()]) {
    read = 0;
    left = false;
    const scanning = scan(domains, options({ concurrency: 5 }));
    assert.equal(read, 0);
    let taken = 0;
    for await (const seen of scanning) {
      taken += 1;
      assert.equal(seen.error, null);
      assert.ok(read <= taken + 5, `${read} read, ${taken} taken`);
      if (taken === 30) break;
    }
    assert.ok(left, 'the input is told that nobody wants more');
    assert.deepEqual(await scanning.next(), { done: true, value: undefined });
  }
});

test('an input that is silent holds no output up', async () => {
  async function* one() {
    yield 'ornek.com.tr';
    await new Promise(() => {});
  }
  const scanning = scan(one(), options());
  assert.equal((await scanning.next()).value.domain, 'ornek.com.tr');
  const waiting = scanning.next();
  await scanning.return();
  assert.deepEqual(await waiting, { done: true, value: undefined });
});

test('silence is no error and holds nobody up', async () => {
  server.silent.add('sessiz.com.tr');
  const order = [];
  for await (const seen of scan(['sessiz.com.tr', 'ornek.com.tr'], options())) order.push(seen);
  assert.deepEqual(order.map(({ domain }) => domain), ['ornek.com.tr', 'sessiz.com.tr']);
  assert.ok(order.every(({ error }) => error === null));
  const answers = JSON.parse(order[1].observation).answers.filter(({ name }) => name === 'sessiz.com.tr');
  assert.ok(answers.length > 0);
  for (const { state } of answers) assert.ok(state !== 'found' && state !== 'absent', state);
});

test('an unreachable resolver is unknown and never absent', async () => {
  const closed = createSocket('udp4').bind(0, '127.0.0.1');
  await once(closed, 'listening');
  const resolver = `127.0.0.1:${closed.address().port}`;
  closed.close();
  const [seen] = await gathered(scan(['ornek.com.tr'], options({ resolvers: [resolver], check: false, timeoutMs: 200 })));
  const { answers } = JSON.parse(seen.observation);
  assert.ok(answers.length > 0);
  for (const { state } of answers) assert.ok(state !== 'found' && state !== 'absent', state);
  const lead = new Engine().assess(seen.observation);
  assert.deepEqual([lead.scan_status, lead.segment, lead.spf], ['dns_failed', null, null]);
});

test('leaving the loop frees the sockets', async () => {
  const earlier = await sockets();
  for (const name of numbered(1, 19)) server.silent.add(name);
  for await (const seen of scan(numbered(0, 20), slow())) {
    assert.equal(seen.domain, 'd0.example');
    assert.ok((await sockets()) > earlier);
    break;
  }
  await freed(earlier);
});

test('a signal ends the scan with its reason', async () => {
  const earlier = await sockets();
  server.silent.add('sessiz.com.tr');
  const control = new AbortController();
  const scanning = scan(['sessiz.com.tr'], slow({ signal: control.signal }));
  const waiting = scanning.next();
  await until(() => server.asked.includes('sessiz.com.tr'));
  control.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  assert.deepEqual(await scanning.next(), { done: true, value: undefined });
  await freed(earlier);
  const reason = new Error('enough');
  await assert.rejects(gathered(scan(['ornek.com.tr'], options({ signal: AbortSignal.abort(reason) }))), reason);
});

test('whoever waits is told of the end', async () => {
  server.silent.add('sessiz.com.tr');
  const scanning = scan(['sessiz.com.tr'], slow());
  const both = [scanning.next(), scanning.next()];
  await until(() => server.asked.includes('sessiz.com.tr'));
  await scanning.return();
  for (const waiting of both) assert.deepEqual(await waiting, { done: true, value: undefined });
});

test('the event loop goes on meanwhile', async () => {
  server.silent.add('sessiz.com.tr');
  let ticks = 0;
  const timer = setInterval(() => { ticks += 1; }, 10);
  await gathered(scan(['sessiz.com.tr'], options()));
  clearInterval(timer);
  assert.ok(ticks > 5, `${ticks} ticks`);
});

test('scans run beside each other', async () => {
  const lists = [0, 25, 50, 75].map((from) => numbered(from, 25));
  const results = await Promise.all(lists.map((domains) => gathered(scan(domains, options()))));
  assert.deepEqual(results.map((seen) => seen.map(({ domain }) => domain)), lists);
  const scanning = scan(lists[0], options());
  const halves = await Promise.all([gathered(scanning), gathered(scanning)]);
  assert.deepEqual(halves.flat().map(({ domain }) => domain).sort(), [...lists[0]].sort());
});

test('a faulty input ends the scan', async () => {
  function* torn() {
    yield 'ornek.com.tr';
    throw new RangeError('the list is torn');
  }
  async function* tornLater() {
    yield* torn();
  }
  for (const domains of [torn(), tornLater()]) {
    await assert.rejects(gathered(scan(domains, options())), { name: 'RangeError', message: 'the list is torn' });
  }
  const mixed = ['ornek.com.tr', null];
  for (const domains of [mixed, (async function* () { yield* mixed; })()]) {
    await assert.rejects(gathered(scan(domains, options())), (error) => {
      assert.ok(error instanceof HunterError);
      assert.equal(error.code, 'argument_invalid');
      assert.match(error.message, /domains\[1\]/);
      return true;
    });
  }
});

test('options are refused at once, by code and name', () => {
  const faults = [
    [{ timeoutMs: 0 }, 'scan_setting'],
    [{ timeoutMs: -1 }, 'argument_invalid'],
    [{ timeoutMs: 2.5 }, 'argument_invalid'],
    [{ timeoutMs: '2' }, 'argument_invalid'],
    [{ timeoutMs: NaN }, 'argument_invalid'],
    [{ timeoutMs: null }, 'argument_invalid'],
    [{ deadlineMs: 600_001 }, 'scan_setting'],
    [{ attempts: 11 }, 'scan_setting'],
    [{ concurrency: 0 }, 'scan_setting'],
    [{ profile: 'deep' }, 'scan_setting'],
    [{ resolvers: ['dns.example'] }, 'scan_setting'],
    [{ resolvers: '192.0.2.53' }, 'argument_invalid'],
    [{ rate: 0 }, 'scan_setting'],
    [{ resolverRate: 0 }, 'scan_setting'],
    [{ dkimSelectors: ['a b'] }, 'scan_selector'],
    [{ rdapBootstrap: 'dns.json' }, 'scan_setting'],
    [{ rdapBootstrap: 'no-such.json', registration: true }, 'scan_data_file'],
    [{ probes: ['telnet'] }, 'scan_setting'],
    [{ check: 1 }, 'argument_invalid'],
    [{ ipData: 'file.mmdb' }, 'argument_invalid'],
    [{ engine: {} }, 'argument_invalid'],
    [{ signal: {} }, 'argument_invalid'],
    [{ timeout_ms: 1000 }, 'argument_invalid'],
    [{ retries: 1 }, 'argument_invalid'],
  ];
  for (const [fault, code] of faults) {
    assert.throws(() => scan(['ornek.com.tr'], options(fault)), (error) => {
      assert.ok(error instanceof HunterError, String(error.stack));
      assert.equal(error.code, code, error.message);
      const [name] = Object.keys(fault);
      const names = [name, name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/s$/, '')];
      assert.ok(names.some((said) => error.message.includes(said)), error.message);
      return true;
    });
  }
  for (const domains of ['ornek.com.tr', 1, null, undefined, {}, { [Symbol.iterator]: 1 }]) {
    assert.throws(() => scan(domains, options()), { name: 'HunterError', code: 'argument_invalid' });
  }
  assert.throws(() => scan([], null), { name: 'HunterError', code: 'argument_invalid' });
  assert.deepEqual(server.asked, []);
});

test('every option of the catalogue is taken, with its default', async () => {
  const defaults = catalogue.scan.settings.map(({ name, default: value }) => [camelCase(name), value]);
  assert.ok(defaults.length > 10);
  const given = { ...Object.fromEntries(defaults), resolvers: [server.resolver] };
  const [seen] = await gathered(scan(['ornek.com.tr'], given));
  const [plain] = await gathered(scan(['ornek.com.tr'], { resolvers: [server.resolver], engine: new Engine() }));
  const asked = ({ observation }) => JSON.parse(observation).answers.map(({ name, type }) => `${name} ${type}`).sort();
  assert.deepEqual(asked(seen), asked(plain));
  for (const [name] of defaults) {
    assert.throws(() => scan([], { [name]: {} }), { code: 'argument_invalid' }, name);
  }
});

test('resolvers are checked unless told otherwise', async () => {
  const deaf = createSocket('udp4').bind(0, '127.0.0.1');
  await once(deaf, 'listening');
  const few = options({ resolvers: [`127.0.0.1:${deaf.address().port}`], timeoutMs: 50 });
  await assert.rejects(gathered(scan(['ornek.com.tr'], few)), { name: 'HunterError', code: 'scan_resolvers_silent' });
  const [seen] = await gathered(scan(['ornek.com.tr'], { ...few, check: false }));
  assert.notEqual(seen.observation, null);
  deaf.close();
});

test('a missing IP database is a warning', async () => {
  const warned = once(process, 'warning');
  const [seen] = await gathered(scan(['ornek.com.tr'], options({ ipData: ['no-such.mmdb'] })));
  assert.equal(seen.error, null);
  const [warning] = await warned;
  assert.deepEqual([warning.name, warning.code], ['ScanWarning', 'ip_data_missing']);
  assert.match(warning.message, /no-such\.mmdb/);
});

test('the rate is kept', async () => {
  const began = performance.now();
  assert.equal((await gathered(scan(numbered(0, 11), options({ rate: 20 })))).length, 11);
  // A tenth of a second's worth of turns may come at once.
  assert.ok(performance.now() - began >= 350);
});

const run = promisify(execFile);
const program = (text) => run(process.execPath, ['--input-type=module', '-e', `import { scan } from 'hunter-leads';\n${text}`], {
  cwd: fileURLToPath(new URL('.', import.meta.url)),
  timeout: 30_000,
});

test('a process ends by itself, whatever a scan is about', async () => {
  server.silent.add('sessiz.com.tr');
  const begin = `const scanning = scan(['sessiz.com.tr', 'ornek.com.tr'], ${JSON.stringify(slow())});`;
  const endings = [
    `for await (const seen of scanning) { console.log(seen.domain); break; }`,
    // One that is held and not waited for keeps nobody.
    `globalThis.kept = scanning; console.log((await scanning.next()).value.domain);`,
    `console.log((await scanning.next()).value.domain); scanning.next(); process.exit(0);`,
  ];
  for (const ending of endings) {
    const { stdout, stderr } = await program(`${begin}\n${ending}`);
    assert.deepEqual([stdout, stderr], ['ornek.com.tr\n', ''], ending);
  }
});

test('whoever waits keeps the process', async () => {
  server.silent.add('sessiz.com.tr');
  const text = `const scanning = scan(['sessiz.com.tr'], ${JSON.stringify(options())});
    void scanning.next().then(({ value }) => console.log(value.domain));`;
  assert.equal((await program(text)).stdout, 'sessiz.com.tr\n');
});

function inWorker(workerData) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(new URL('scan-worker.mjs', import.meta.url)), { workerData });
    let answer;
    worker.on('message', (message) => { answer = message; });
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve(answer) : reject(new Error(`exit ${code}`))));
  });
}

test('worker threads scan, and may be ended in the middle of it', async () => {
  const lists = [0, 20, 40, 60].map((from) => numbered(from, 20));
  const found = await Promise.all(lists.map((domains) => inWorker({ domains, options: options() })));
  assert.deepEqual(found.map((seen) => seen.sort()), lists.map((domains) => [...domains].sort()));
  server.silent.add('sessiz.com.tr');
  const domains = ['sessiz.com.tr', 'ornek.com.tr'];
  assert.deepEqual(await inWorker({ domains, options: slow(), after: 1 }), ['ornek.com.tr']);
  const earlier = await sockets();
  server.asked.length = 0;
  const worker = new Worker(fileURLToPath(new URL('scan-worker.mjs', import.meta.url)), {
    workerData: { domains: ['sessiz.com.tr'], options: slow() },
  });
  await until(() => server.asked.includes('sessiz.com.tr'));
  await worker.terminate();
  await freed(earlier);
});

test('a process may use the package in worker threads alone', async () => {
  const text = `import { Worker } from 'node:worker_threads';
    const file = ${JSON.stringify(fileURLToPath(new URL('scan-worker.mjs', import.meta.url)))};
    for (let nth = 0; nth < 3; nth += 1) {
      const worker = new Worker(file, { execArgv: [], workerData: ${JSON.stringify({ domains: ['ornek.com.tr'], options: options() })} });
      worker.on('message', (seen) => console.log(seen.join()));
      await new Promise((resolve) => worker.on('exit', resolve));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', text], { timeout: 30_000 });
  assert.equal(stdout, 'ornek.com.tr\n'.repeat(3));
});
