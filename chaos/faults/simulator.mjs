import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** The simulator may have been killed a moment ago, or have no database; in milliseconds. */
const PATIENCE = 30_000;
const LIMIT = 4_000;
/** Another request under the same key is still running, or there were too many. */
const NOT_NOW = new Set([409, 429]);

/** The payment provider's stand-in: its admin API, and the dashboard, in which people do what nobody asked us for. */
export class Simulator {
  /** @param account { apiBase, secretKey } */
  constructor(admin, account) {
    this.admin = admin;
    this.account = account;
  }

  /** Repeats until it answers. @throws when it refuses, or gives no answer in time */
  tell(method, path, body) {
    const json = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return this.patiently(() => this.ask(this.admin + path, { method, ...json }));
  }

  /** Money goes back to its payer, and nothing says for what. @throws as `tell` */
  refundByHand(paymentIntent, amount) {
    const { apiBase, secretKey } = this.account;
    const headers = { authorization: `Bearer ${secretKey}`, 'idempotency-key': randomUUID() };
    const body = new URLSearchParams({ payment_intent: paymentIntent, amount: String(amount) });
    return this.patiently(() => this.ask(`${apiBase}/v1/refunds`, { method: 'POST', headers, body }));
  }

  async patiently(ask) {
    for (const end = Date.now() + PATIENCE; ; await sleep(200)) {
      const answer = await ask().catch((error) => ({ status: 0, body: { error: error.message } }));
      if (answer.status >= 200 && answer.status < 300) return answer.body;
      const isRefusal = answer.status >= 400 && answer.status < 500 && !NOT_NOW.has(answer.status);
      if (isRefusal || Date.now() > end) {
        const { error } = answer.body ?? {};
        throw new Error(`the simulator: ${answer.status} ${error?.message ?? error}`);
      }
    }
  }

  /** Takes an order back. One that was killed meanwhile has forgotten it, and so obeys it no more. */
  async takeBack(path) {
    await this.tell('DELETE', path).catch((error) => {
      if (!error.message.includes('404')) throw error;
    });
  }

  async ask(url, request) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(LIMIT), ...request });
    return { status: answer.status, body: await answer.json() };
  }
}
