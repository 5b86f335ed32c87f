// Measures the forms of Node: `node measure.mjs FOLDER WORKLOAD`, where FOLDER holds the plan and the rows.
//
// Prints a line of JSON for each form. A form that is not known here is an error.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ZenDecisionContent, ZenEngine } from '@gorules/zen-engine';
import { tableFromIPC } from 'apache-arrow';
import { Engine } from 'hunter-leads';

const engine = new Engine();
// A copy of the graph lies beside this file where it is run.
const GRAPH = join(dirname(fileURLToPath(import.meta.url)), 'readiness.json');

const BATCHES = {
  score_table: { batch: (rows, options) => engine.scoreBatch(rows, options), column: 'score' },
  classify_table: { batch: (rows, options) => engine.classifyBatch(rows, options), column: 'provider_id' },
  assess_table: { batch: (rows, options) => engine.assessBatch(rows, options), column: 'readiness_score' },
};

/** How many promises of the other engine are under way at once. */
const TOGETHER = 1000;

const SEGMENTS = ['Existing', 'Migration', 'Cold', 'Skip'];

/** A table as plain objects, or as values where it has one column. */
function plain(workload, table) {
  if (table.schema.fields.length === 1) {
    const values = [...table.getChildAt(0)];
    return workload === 'assess_table' ? values.map((text) => JSON.parse(text)) : values;
  }
  const names = table.schema.fields.map((field) => field.name);
  const columns = names.map((name) => [...table.getChild(name)]);
  const value = (given) => (typeof given === 'object' && given !== null ? [...given] : given);
  return Array.from({ length: table.numRows }, (_, row) =>
    Object.fromEntries(names.map((name, nth) => [name, value(columns[nth][row])])),
  );
}

const takesMail = (records) => records.some((record) => record.split(' ').at(-1) !== '.');
const includes = (record) => (record ?? '').toLowerCase().split('include:').length - 1;

/** Signals of a single call, where a policy that is left out is unknown and none is absent. */
function signals({ spf, dkim, spf_record, dmarc_policy }) {
  const seen = { spf, dkim, spf_record };
  if (dmarc_policy !== null) seen.dmarc_policy = dmarc_policy === '' ? null : dmarc_policy;
  return seen;
}

/** A pass over the rows, and what takes the values to add up from its answer. */
function made(workload, form, { bytes, table, limit }, threads) {
  const rows = () => plain(workload, limit === null ? table() : table().slice(0, limit));
  const known = BATCHES[workload];
  switch (`${workload} ${form}`) {
    case 'score_table node_ipc':
    case 'classify_table node_ipc':
    case 'assess_table node_ipc':
      return {
        pass: async () => tableFromIPC(await known.batch(bytes, { threads })),
        values: (out) => [...out.getChild(known.column)],
      };
    case 'score_table node_objects':
    case 'classify_table node_objects':
    case 'assess_table node_objects': {
      const given = rows();
      return {
        pass: () => known.batch(given, { threads }),
        values: (out) => out.map((row) => row[known.column]),
      };
    }
    case 'score_table node_zen':
      return byZen(rows());
    case 'score_call node_call': {
      const given = rows().map((row) => [row.provider, signals(row), row.mx_records]);
      return byCalls(given, (row) => engine.score(row[0], row[1], row[2]), (found) => found.score);
    }
    case 'segment_call node_call': {
      const given = rows().map(({ provider }, nth) => [nth % 101, provider ?? 'Unknown']);
      return byCalls(given, (row) => engine.segment(row[0], row[1]), (found) => found);
    }
    case 'priority_call node_call': {
      const given = rows().map((_, nth) => [SEGMENTS[nth % SEGMENTS.length], nth % 101]);
      return byCalls(given, (row) => engine.priorityScore(row[0], row[1]), (found) => found);
    }
    case 'classify_call node_call': {
      const given = rows().map((host) => [host]);
      return byCalls(given, (hosts) => engine.classifyMx(hosts), (found) => found.provider_id);
    }
    case 'parse_spf_call node_call':
      return byCalls(rows(), (text) => engine.parseSpf(text), (found) => found.terms.length);
    case 'assess_call node_call':
      return byCalls(rows(), (text) => engine.assess(text), (found) => found.readiness_score);
    default:
      throw new Error(`workloads.toml names ${workload} ${form}, which nothing here runs`);
  }
}

/** A pass of single calls, none of whose answers is kept. */
function byCalls(given, call, check) {
  return {
    pass: () => {
      for (const row of given) call(row);
    },
    values: () => given.map((row) => check(call(row))),
  };
}

function byZen(rows) {
  const decision = new ZenEngine().createDecision(new ZenDecisionContent(readFileSync(GRAPH)));
  const contexts = rows.map(({ mx_records, provider, spf, dkim, dmarc_policy, spf_record }) => ({
    mail: takesMail(mx_records), provider, spf, dkim, dmarc_policy, includes: includes(spf_record),
  }));
  return {
    pass: async () => {
      const answers = [];
      for (let start = 0; start < contexts.length; start += TOGETHER) {
        const some = contexts.slice(start, start + TOGETHER);
        answers.push(...(await Promise.all(some.map((context) => decision.evaluate(context)))));
      }
      return answers;
    },
    values: (out) => out.map(({ result }) => result.score),
  };
}

/** What is added up to compare answers: a number, or the length of a text. */
const size = (value) => (typeof value === 'string' ? value.length : (value ?? 0));

async function median(plan, pass) {
  const times = [];
  let all = 0;
  while (times.length < plan.passes || all < plan.seconds) {
    const start = performance.now();
    let out = pass();
    // Awaiting what is no promise would cost single calls nothing, but would not be what they do.
    if (out instanceof Promise) out = await out;
    const took = (performance.now() - start) / 1000;
    times.push(took);
    all += took;
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}

const [folder, name] = process.argv.slice(2);
const plan = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'));
const workload = plan.workloads.find((known) => known.name === name);
const bytes = new Uint8Array(readFileSync(join(folder, `${name}.arrow`)));
const table = () => tableFromIPC(bytes);
const items = table().numRows;
for (const form of workload.form) {
  if (!form.name.startsWith('node_')) continue;
  for (const threads of form.threads) {
    const { pass, values } = made(name, form.name, { bytes, table, limit: form.rows }, threads);
    const found = values(await pass()).slice(0, plan.checked);
    console.log(JSON.stringify({
      workload: name,
      form: form.name,
      threads,
      items: Math.min(items, form.rows ?? items),
      seconds: await median(plan, pass),
      check: found.reduce((sum, value) => sum + size(value), 0),
    }));
  }
}
// The other engine keeps a pool of threads that would keep the process.
process.exit(0);
