import { writeFileSync } from 'node:fs';
import { valueAt } from './pool/learn.mjs';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** What was sent, so that it can be sent again where ids are others: each value that an answer told is named by its place. */
export class Journal {
  entries = [];
  /** Bodies of the prelude's answers, by step. */
  answers = new Map();

  constructor(pool) {
    this.pool = pool;
  }

  /** @returns the step's number; the prelude's steps have the first ones @param picked @see Pool.taken */
  begin(drawn, picked = new Map()) {
    const origins = new Map(picked);
    for (const [id] of `${drawn.path} ${drawn.body ?? ''}`.matchAll(UUID))
      if (this.pool.origins.has(id)) origins.set(id, this.pool.origins.get(id));
    this.entries.push({ drawn, origins: [...origins].filter(([, origin]) => origin) });
    return this.entries.length - 1;
  }

  end(step, status) {
    this.entries[step].status = status;
  }

  /** The step, every write that was done before it, and whatever told them their ids. */
  whatLedTo(step) {
    const wanted = new Set();
    const want = (number) => {
      if (wanted.has(number) || !this.entries[number]) return;
      wanted.add(number);
      for (const [, origin] of this.entries[number].origins) want(origin.step);
    };
    want(step);
    this.entries.slice(0, step).forEach(({ drawn, status }, number) => {
      if (drawn.method !== 'GET' && status < 300) want(number);
    });
    return [...wanted].toSorted((a, b) => a - b);
  }

  /** @returns the file's content; bodies that are bytes are kept as such */
  about(step, { seed, what }) {
    const steps = this.whatLedTo(step).map((number) => {
      const { drawn, origins } = this.entries[number];
      const { operation, body, ...rest } = drawn;
      const kept = Buffer.isBuffer(body) ? { bytes: body.toString('base64') } : { body };
      return { step: number, operation: operation?.id, ...rest, ...kept, origins };
    });
    return { seed, what, steps };
  }

  write(path, step, about) {
    writeFileSync(path, `${JSON.stringify(this.about(step, about), null, 1)}\n`, { mode: 0o600 });
  }
}

/** A step of a journal as it is to be sent now. @param answers bodies by step */
export function present({ origins, bytes, ...drawn }, answers) {
  let { path, body } = drawn;
  for (const [value, { step, pointer }] of origins) {
    const now = valueAt(answers.get(step), pointer);
    if (typeof now !== 'string') continue;
    path = path.replaceAll(encodeURIComponent(value), encodeURIComponent(now));
    body = body?.replaceAll(JSON.stringify(value).slice(1, -1), JSON.stringify(now).slice(1, -1));
  }
  return { ...drawn, path, body: bytes === undefined ? body : Buffer.from(bytes, 'base64') };
}
