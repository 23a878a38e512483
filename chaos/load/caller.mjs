import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';

/** Milliseconds for one try, between two, and for all of one request. */
const ONE_TRY = 8_000;
const LONGEST_PAUSE = 2_000;
/** Seconds, where no answer says how long. */
const PAUSE = 0.5;
const PATIENCE = 60_000;

/** The contract's "not now": the same request may be sent again with the same key. */
const NOT_NOW = new Set([429, 502, 503, 504]);

/**
 * A patient client: whoever has no answer, or is told "not now", asks again with the same key. Everything that the
 * contract does not allow is noted as wrong.
 */
export class Caller {
  constructor(url, record) {
    this.api = `${url}/api/v1`;
    this.record = record;
    this.agent = new Agent({
      connections: 64,
      headersTimeout: ONE_TRY,
      bodyTimeout: ONE_TRY,
      connect: { timeout: ONE_TRY },
    });
  }

  /** @param refusals codes of 409 that are in order here @returns the final answer, `undefined` if none came in time */
  async call(person, method, path, { body, key, refusals = [], also = [], patience = PATIENCE } = {}) {
    const call = `${method} ${path.replaceAll(/[0-9a-f-]{36}/g, ':id').split('?')[0]}`;
    for (const end = Date.now() + patience; ;) {
      const answer = await this.once(this.api + path, {
        method,
        headers: {
          ...person?.headers,
          ...(body && { 'content-type': 'application/json' }),
          ...(key && { 'idempotency-key': key }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      this.record.note(
        `${answer.status || answer.lost} ${answer.status >= 400 ? (answer.body?.code ?? '') : ''}`.trim(),
      );
      const isFinal = this.judge(answer, call, { refusals, also });
      if (isFinal) return answer;
      if (Date.now() > end) return undefined;
      await sleep(Math.min(Number(answer.retryAfter ?? PAUSE) * 1000, LONGEST_PAUSE));
    }
  }

  /** Follows the link of an order to the payment page. @returns its address, `undefined` once the order has ended */
  async openPage({ checkoutUrl }) {
    const path = checkoutUrl.slice(checkoutUrl.indexOf('/api/v1') + '/api/v1'.length);
    const answer = await this.call(undefined, 'GET', path, { also: [303, 410] });
    return answer?.status === 303 ? answer.location.split('?')[0] : undefined;
  }

  /** Presses a button of the payment page, as often as is needed: it is the provider's, and nobody judges its answers. */
  async press(page, button, patience = PATIENCE) {
    for (const end = Date.now() + patience; Date.now() < end; await sleep(300)) {
      const { status } = await this.once(`${page}/${button}`, { method: 'POST' });
      if (status === 303) return true;
    }
    return false;
  }

  async once(url, options) {
    try {
      const { statusCode: status, headers, body: stream } = await request(url, { dispatcher: this.agent, ...options });
      const text = await stream.text();
      const body = /json/.test(headers['content-type'] ?? '') ? JSON.parse(text) : undefined;
      return { status, body, location: headers.location, retryAfter: headers['retry-after'] };
    } catch (error) {
      return { status: 0, lost: error.code ?? error.message };
    }
  }

  /** @returns whether it is final */
  judge({ status, body, retryAfter }, call, { refusals, also }) {
    if (status === 0) return false;
    if (NOT_NOW.has(status)) {
      if (retryAfter === undefined) this.record.wrong.push(`${call}: ${status} without Retry-After`);
      return false;
    }
    if (status === 409 && body?.code === 'idempotency-in-flight') return false;
    const isAllowed =
      (status >= 200 && status < 300) || also.includes(status) || (status === 409 && refusals.includes(body?.code));
    if (!isAllowed)
      this.record.wrong.push(`${call}: ${status} ${body?.code ?? ''} (request ${body?.requestId}) is no answer to it`);
    // What went wrong there may go right next time, and the client has to know what became of it.
    return isAllowed || status < 500;
  }

  close() {
    return this.agent.destroy();
  }
}
