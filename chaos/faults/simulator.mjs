import { setTimeout as sleep } from 'node:timers/promises';

/** The simulator may have been killed a moment ago, or have no database; in milliseconds. */
const PATIENCE = 30_000;
const LIMIT = 4_000;

/** The admin API of the payment provider's stand-in. */
export class Simulator {
  constructor(admin) {
    this.admin = admin;
  }

  /** Repeats until it answers. @throws when it refuses, or gives no answer in time */
  async tell(method, path, body) {
    for (const end = Date.now() + PATIENCE; ; await sleep(200)) {
      const answer = await this.ask(method, path, body).catch((error) => ({
        status: 0,
        body: { error: error.message },
      }));
      if (answer.status >= 200 && answer.status < 300) return answer.body;
      const isRefusal = answer.status >= 400 && answer.status < 500;
      if (isRefusal || Date.now() > end) throw new Error(`the simulator: ${answer.status} ${answer.body?.error}`);
    }
  }

  /** Takes an order back. One that was killed meanwhile has forgotten it, and so obeys it no more. */
  async takeBack(path) {
    await this.tell('DELETE', path).catch((error) => {
      if (!error.message.includes('404')) throw error;
    });
  }

  async ask(method, path, body) {
    const answer = await fetch(this.admin + path, {
      method,
      signal: AbortSignal.timeout(LIMIT),
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json() };
  }
}
