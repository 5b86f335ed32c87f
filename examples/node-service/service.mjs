// A small HTTP service with the scorer inside: one engine for all requests, no other process to ask.
//
//     npm install && npm start        # then, in another shell:
//     curl -s localhost:3000/score -d '{"provider": "Google", "signals": {"spf": true}, "mx_records": ["1 aspmx.l.google.com"]}'
//
// POST /score, /assess and /explain take the arguments of the operation as a JSON object; POST
// /assess/batch takes observations, one JSON object a line, and answers with one row a line.

import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

import { Engine, HunterError } from 'hunter-leads';

/** More than any sensible request, and little enough to hold in memory. */
const MOST_BYTES = 16 * 1024 * 1024;

class TooLarge extends Error {}

async function body(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function argumentsOf(request) {
  const given = JSON.parse(await body(request));
  if (typeof given !== 'object' || given === null) throw new SyntaxError('give a JSON object');
  return given;
}

function answer(response, status, type, text) {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

const json = (response, status, value) => answer(response, status, 'application/json', `${JSON.stringify(value)}\n`);

/** What each path does. Single rows are answered at once, in microseconds; batches on threads. */
function routes(engine) {
  return {
    'GET /health': async (_, response) => json(response, 200, { status: 'ok' }),
    'POST /score': async (request, response) => {
      const { provider = null, signals = {}, mx_records = null, domain } = await argumentsOf(request);
      json(response, 200, engine.score(provider, signals, mx_records, domain));
    },
    'POST /assess': async (request, response) => {
      const { observation, lead, today } = await argumentsOf(request);
      json(response, 200, engine.assess(observation, lead, today));
    },
    'POST /explain': async (request, response) => {
      const { observation, lead, locale, today } = await argumentsOf(request);
      json(response, 200, engine.explain(observation, lead, locale, today));
    },
    'POST /assess/batch': async (request, response) => {
      const lines = (await body(request)).split('\n').filter((line) => line.trim() !== '');
      const rows = await engine.assessBatch(lines);
      answer(response, 200, 'application/x-ndjson', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    },
  };
}

/** The fault as the caller sees it: theirs by its stable code, ours without a word about the inside. */
function refuse(response, error) {
  if (error instanceof HunterError) {
    json(response, 422, { code: error.code, message: error.message });
  } else if (error instanceof SyntaxError) {
    json(response, 400, { code: 'request_json', message: error.message });
  } else if (error instanceof TooLarge) {
    response.setHeader('connection', 'close');
    json(response, 413, { code: 'request_too_large', message: `send at most ${MOST_BYTES} bytes` });
  } else {
    console.error(error);
    json(response, 500, { code: 'internal', message: 'the service has a defect' });
  }
}

/** The service, not yet listening. */
export function service(engine = new Engine()) {
  const known = routes(engine);
  return createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const route = known[`${request.method} ${pathname}`];
    try {
      if (route === undefined) json(response, 404, { code: 'not_found', message: 'there is no such path' });
      else await route(request, response);
    } catch (error) {
      refuse(response, error);
    }
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const server = service();
  const stop = () => server.close();
  process.once('SIGTERM', stop).once('SIGINT', stop);
  // Without authentication it is for this machine alone.
  server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}`);
  });
}
