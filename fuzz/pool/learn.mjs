import { kindOfParameter, kindOfPath } from './kinds.mjs';

/** Fields whose values are worth sending, though no id. */
const WORDS = { code: 'code', nextCursor: 'cursor', cursor: 'cursor', scanId: 'scanId' };

/** Takes up what an answer tells. @param step number of the request */
export function learn({ pool, facts }, step, { operation, actor, path }, body) {
  walk(body, '', (value, pointer, key, holder) => {
    if (key === 'id') pool.add(kindOfThing(holder, operation.path, pointer), value, { step, pointer });
    else if (/Ids?$/.test(key)) pool.add(kindOfParameter(key), value, { step, pointer });
    else if (key === 'checkoutUrl' && typeof value === 'string')
      pool.add('signature', new URL(value).searchParams.get('signature'), { step, pointer });
    else if (WORDS[key]) pool.add(WORDS[key], value, { step, pointer });
  });
  facts.learn(actor, operation, body, path);
}

function kindOfThing(holder, path, pointer) {
  if ('email' in holder && 'role' in holder) return 'invitation';
  if ('email' in holder) return 'user';
  const inside = [...pointer.matchAll(/\/([a-zA-Z]+)(?=\/)/g)]
    .map(([, name]) => name)
    .filter((name) => name !== 'data');
  const list = inside.at(-1);
  return list ? kindOfParameter(list.replace(/s$/, '')) : kindOfPath(path);
}

function walk(value, pointer, visit) {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, one] of Object.entries(value)) {
    if (typeof one === 'string') visit(one, `${pointer}/${key}`, Array.isArray(value) ? lastName(pointer) : key, value);
    else walk(one, `${pointer}/${key}`, visit);
  }
}

const lastName = (pointer) => pointer.split('/').at(-1) ?? '';

/** The value at a JSON pointer (RFC 6901) of an answer; names of ours need no escapes. */
export function valueAt(body, pointer) {
  const value = pointer
    .split('/')
    .slice(1)
    .reduce((at, key) => at?.[key], body);
  if (!pointer.endsWith('/checkoutUrl') || typeof value !== 'string') return value;
  return new URL(value).searchParams.get('signature');
}
