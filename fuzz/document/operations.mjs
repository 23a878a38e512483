const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * What a client may call, from an OpenAPI 3.1 document.
 * @returns of each operation { id, method, path, params, query, takesKey, body, responses, needsCaller }; `body` is
 * undefined, { schema } or { raw: true }; `needsCaller` is whether a call without a credential must be 401
 */
export function operationsOf({ paths }) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    METHODS.filter((method) => methods[method]).map((method) =>
      operationOf(path, method.toUpperCase(), methods[method]),
    ),
  );
}

function operationOf(path, method, { operationId, parameters = [], requestBody, responses, security }) {
  return {
    id: operationId ?? `${method} ${path}`,
    method,
    path,
    params: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
    query: parameters.filter((parameter) => parameter.in === 'query'),
    takesKey: parameters.some(({ name }) => name === 'Idempotency-Key'),
    body: bodyOf(requestBody),
    responses,
    needsCaller: security !== undefined && security.length > 0 && security.every((way) => Object.keys(way).length > 0),
  };
}

function bodyOf(requestBody) {
  if (!requestBody) return undefined;
  const schema = requestBody.content['application/json']?.schema;
  const says = Object.keys(schema ?? {}).some((key) => key !== 'description');
  return says ? { schema } : { raw: true };
}
