/** The same request with the same Idempotency-Key again: the same answer, or told that the first is still running. */
export function wrongRepetition({ operation, method }, first, second) {
  if (method !== operation.method || first.broken || second.broken || first.status >= 300) return [];
  if (second.status === 503 || second.status === 429 || second.status === 401) return [];
  if (second.status === 409 && second.body?.code === 'idempotency-in-flight') return [];
  const where = `${second.status}, sent again`;
  if (second.status !== first.status)
    return [`${where}: not the first answer's status ${first.status} (${operation.id})`];
  if (second.headers['idempotent-replayed'] !== 'true') return [`${where}: does not say Idempotent-Replayed`];
  return second.bytes.equals(first.bytes) ? [] : [`${where}: not the first answer's body`];
}
