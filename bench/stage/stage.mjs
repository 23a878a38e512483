import { startEcho } from '../echo/start-echo.mjs';
import { Site } from './site.mjs';

/** What the figures are measured on; each part starts when it is first asked for. */
export class Stage {
  constructor(root) {
    this.root = root;
    this.parts = new Map();
  }

  /** The platform as it is. */
  grouped() {
    return this.part('grouped', () => Site.open(this.root, {}));
  }

  /** The same services, one request and one transaction an order. */
  single() {
    return this.part('single', () => Site.open(this.root, { ORDER_BATCH_SIZE: '1' }));
  }

  echo() {
    return this.part('echo', startEcho);
  }

  /** Something further that lives as long as the stage; it may have an `audit` and a `close`. */
  part(name, open) {
    if (!this.parts.has(name)) this.parts.set(name, open());
    return this.parts.get(name);
  }

  /** Before a figure: whoever acts on a platform has a fresh token. */
  async signIn() {
    for (const part of this.parts.values()) await (await part).signIn?.();
  }

  /** @returns what is wrong with anything that was measured on, in words */
  async audit() {
    const wrong = [];
    for (const part of this.parts.values()) wrong.push(...((await (await part).audit?.()) ?? []));
    return wrong;
  }

  /** The newest part first: it may stand on an older one. */
  async close() {
    for (const part of [...this.parts.values()].reverse()) {
      const opened = await part.catch(() => undefined);
      await opened?.close?.();
    }
  }
}
