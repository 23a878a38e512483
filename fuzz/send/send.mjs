import { Client } from 'undici';

/** A service that says nothing for so long is down, in milliseconds. */
const SILENCE = 20_000;

/** Connections that send a request as it stands: no path is put in order, no redirect followed. */
export class Sender {
  constructor(url, connections) {
    const options = { pipelining: 1, headersTimeout: SILENCE, bodyTimeout: SILENCE };
    this.clients = Array.from({ length: connections }, () => new Client(url, options));
  }

  /** @returns { status, headers, bytes }, or { broken: why } */
  async send(connection, { method, path, headers, body }) {
    try {
      const given = body === undefined ? {} : { body };
      const answer = await this.clients[connection].request({ method, path, headers, ...given });
      const bytes = await bytesOf(answer);
      return { status: answer.statusCode, headers: answer.headers, bytes };
    } catch (error) {
      return { broken: `${error.code ?? error.name}: ${error.message}` };
    }
  }

  close() {
    return Promise.all(this.clients.map((client) => client.close()));
  }
}

/** Of server-sent events, which have no end, what comes first. */
async function bytesOf({ headers, body }) {
  if (!String(headers['content-type']).startsWith('text/event-stream')) return Buffer.from(await body.arrayBuffer());
  for await (const bytes of body) return Buffer.from(bytes);
  return Buffer.alloc(0);
}
