import { Logger } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { requestContext } from '@app/observability';
import { OneAtATime } from './one-at-a-time.js';

/** Passes that wait until they are told what they found. */
class Passes {
  begun = 0;
  readonly ends: { found: (more: boolean) => void; fail: (error: Error) => void }[] = [];
  readonly warned: unknown[] = [];
  readonly contexts: unknown[] = [];
  readonly work = new OneAtATime(() => this.pass(), Object.assign(new Logger(), { warn: this.warn.bind(this) }));

  private pass(): Promise<boolean> {
    this.begun++;
    this.contexts.push(requestContext.getStore());
    return new Promise((found, fail) => this.ends.push({ found, fail }));
  }

  private warn(_: string, error: unknown): void {
    this.warned.push(error);
  }
}

const settled = () => new Promise(setImmediate);

describe('work one at a time', () => {
  it('never overlaps; whoever wakes it during a pass causes one more, and one only', async () => {
    const passes = new Passes();
    for (let i = 0; i < 3; i++) passes.work.wake();
    expect(passes.begun).toBe(1);
    passes.work.wake();
    passes.work.wake();
    passes.ends[0]!.found(false);
    await settled();
    expect(passes.begun).toBe(2);
    passes.ends[1]!.found(false);
    await settled();
    expect(passes.begun).toBe(2);
  });

  it('goes on at once while there is more', async () => {
    const passes = new Passes();
    passes.work.wake();
    passes.ends[0]!.found(true);
    await settled();
    expect(passes.begun).toBe(2);
  });

  it('outlives a pass that fails, and waits for the next call', async () => {
    const passes = new Passes();
    passes.work.wake();
    passes.ends[0]!.fail(new Error('away'));
    await settled();
    expect(passes.warned).toEqual([new Error('away')]);
    expect(passes.begun).toBe(1);
    passes.work.wake();
    expect(passes.begun).toBe(2);
  });

  it('stops when the pass that runs has ended, and begins none after it', async () => {
    const passes = new Passes();
    passes.work.wake();
    let stopped = false;
    const stopping = passes.work.stop().then(() => (stopped = true));
    await settled();
    expect(stopped).toBe(false);
    passes.ends[0]!.found(true);
    await stopping;
    passes.work.wake();
    expect(passes.begun).toBe(1);
  });

  it('belongs to no request, whoever woke it', () => {
    const passes = new Passes();
    const request = { requestId: 'of-a-buyer', correlationId: 'of-a-buyer', traceparent: '' };
    requestContext.run(request, () => passes.work.wake());
    expect(passes.contexts).toEqual([undefined]);
  });
});
