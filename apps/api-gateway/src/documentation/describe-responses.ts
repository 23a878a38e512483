import { ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import { problems, problemsOf, type Operation, type ProblemCode } from '@app/contracts';
import { STATUS_CODES } from 'node:http';
import { jsonSchema, reference } from './schemas.js';

const text = (description: string) => ({ description, schema: { type: 'string' } });

/** Headers of answers, once in the document. */
export const headers = {
  'X-Request-Id': text('of the request, for questions about it'),
  RateLimit: text('where the caller stands (draft-ietf-httpapi-ratelimit-headers)'),
  'RateLimit-Policy': text('what the limits are'),
  'Retry-After': text('seconds'),
  'WWW-Authenticate': text('how to sign in (RFC 9110)'),
  Location: text('where to go'),
  ETag: text('for `If-None-Match`'),
  'Idempotent-Replayed': text('`true` when this is an earlier answer'),
};
type HeaderName = keyof typeof headers;

const carrying = (...names: HeaderName[]) =>
  Object.fromEntries(
    (['X-Request-Id', 'RateLimit', 'RateLimit-Policy', ...names] as const).map((name) => [
      name,
      { $ref: `#/components/headers/${name}` },
    ]),
  );

/** Each status that an operation can answer with, by itself: a client generator learns every one. */
export function describeResponses(operation: Operation): MethodDecorator[] {
  return [...successes(operation), ...unchanged(operation), ...refusals(operation)].map((response) =>
    ApiResponse(response),
  );
}

function successes(operation: Operation): ApiResponseOptions[] {
  return Object.entries(operation.responses).map(([status, schema]) => ({
    status: Number(status),
    description: STATUS_CODES[status] ?? 'Success',
    headers: carrying(
      ...(schema === 'redirect' ? ['Location' as const] : []),
      ...(isConditional(operation) ? ['ETag' as const] : []),
      ...(operation.idempotent ? ['Idempotent-Replayed' as const] : []),
    ),
    ...contentOf(schema, operation.files),
  })) as ApiResponseOptions[];
}

const contentOf = (schema: Operation['responses'][number], files: readonly string[] = []) => {
  if (schema === 'empty' || schema === 'redirect') return {};
  const json = schema === 'file' ? {} : { 'application/json': { schema: jsonSchema(schema) } };
  return { content: { ...json, ...Object.fromEntries(files.map((mediaType) => [mediaType, {}])) } };
};

const isConditional = ({ tag, method }: Operation) => tag === 'catalogue' && method === 'GET';

const unchanged = (operation: Operation): ApiResponseOptions[] =>
  isConditional(operation) ? [{ status: 304, description: 'Not Modified', headers: carrying('ETag') }] : [];

const extra: Readonly<Record<number, HeaderName[]>> = {
  401: ['WWW-Authenticate'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

function refusals(operation: Operation): ApiResponseOptions[] {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(operation))
    byStatus.set(problems[code].status, [...(byStatus.get(problems[code].status) ?? []), code]);
  return [...byStatus].map(([status, codes]) => ({
    status,
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}`).join('; '),
    headers: carrying(...(extra[status] ?? [])),
    content: {
      'application/problem+json': {
        schema: { allOf: [reference('Problem')], properties: { code: { enum: codes } } },
      },
    },
  })) as ApiResponseOptions[];
}
