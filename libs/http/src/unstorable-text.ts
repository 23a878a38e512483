import { ProblemError } from '@app/problem-details';

/** Whether a text holds NUL or half a surrogate pair: PostgreSQL takes neither. */
export const isUnstorable = (text: string): boolean => text.includes('\u0000') || /\p{Surrogate}/u.test(text);

/**
 * Refuses NUL and halves of surrogate pairs wherever they stand, or they would end as a 500.
 * Walks without recursion, for depth is the sender's choice.
 */
export function refuseUnstorable(value: unknown): void {
  const open: { value: unknown; path: string }[] = [{ value, path: '' }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: found, path } = next;
    if (typeof found === 'string' && isUnstorable(found)) throw refusal(path);
    if (typeof found !== 'object' || found === null) continue;
    for (const [key, inner] of Object.entries(found)) {
      if (isUnstorable(key)) throw refusal(path);
      open.push({ value: inner, path: path === '' ? key : `${path}.${key}` });
    }
  }
}

const refusal = (path: string) =>
  new ProblemError('validation-failed', undefined, {
    errors: [{ path, message: 'must not contain NUL or half a surrogate pair' }],
  });
