// A name server for the tests: answers over UDP from a table, and can stay silent. It stands on Node alone,
// so that the package is asked by code that shares nothing with it.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const TYPES = { NS: 2, MX: 15, TXT: 16 };
const NXDOMAIN = 3;

/** A name as RFC 1035 §3.1 writes it. */
function wire(name) {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)])), Buffer.alloc(1)]);
}

export const mx = (preference, host) => ['MX', Buffer.concat([Buffer.from([preference >> 8, preference & 255]), wire(host)])];
export const txt = (text) => ['TXT', Buffer.from([text.length, ...Buffer.from(text)])];
export const ns = (host) => ['NS', wire(host)];

/** A record as it stands in a message; the owner is written in full. */
function record(owner, type, data) {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(60, 4);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, head, data]);
}

// Any name that does not exist has this above it (RFC 2308 §2.1).
const ROOT_SOA = record(wire('.'), 6, Buffer.concat([Buffer.alloc(2), Buffer.from(Uint32Array.from([0, 0, 0, 0, 0]).buffer)]));

/** Serves the records until it is closed. Names in `silent`, and all below them, get no answer. */
export async function nameServer(records) {
  const known = new Map(Object.entries({ '.': [ns('a.root.example')], ...records }));
  const server = { silent: new Set(), asked: [], resolver: '', close: () => socket.close() };
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const response = answer(query);
    if (response !== null) socket.send(response, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  server.resolver = `127.0.0.1:${socket.address().port}`;
  return server;

  function answer(query) {
    const labels = [];
    let at = 12;
    for (; query[at] !== 0; at += 1 + query[at]) labels.push(query.toString('latin1', at + 1, at + 1 + query[at]).toLowerCase());
    const question = query.subarray(12, at + 5);
    const type = query.readUInt16BE(at + 1);
    const name = labels.join('.') || '.';
    server.asked.push(name);
    for (const silent of server.silent) if (name === silent || name.endsWith(`.${silent}`)) return null;
    const exists = name === '.' || [...known.keys()].some((one) => one === name || one.endsWith(`.${name}`));
    const found = (known.get(name) ?? []).filter(([word]) => TYPES[word] === type);
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    // QR, AA, RD as asked, RA.
    head.writeUInt16BE(0x8480 | (query.readUInt16BE(2) & 0x0100) | (exists ? 0 : NXDOMAIN), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(found.length, 6);
    head.writeUInt16BE(found.length === 0 ? 1 : 0, 8);
    const owner = question.subarray(0, -4);
    const answers = found.map(([, data]) => record(owner, type, data));
    return Buffer.concat([head, question, ...answers, ...(found.length === 0 ? [ROOT_SOA] : [])]);
  }
}
