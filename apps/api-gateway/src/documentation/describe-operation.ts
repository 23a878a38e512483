import { applyDecorators } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCookieAuth,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { Operation } from '@app/contracts';
import { z } from 'zod';
import { examples } from './examples.js';
import { describeResponses } from './describe-responses.js';
import { jsonSchema } from './schemas.js';

/** Everything of the document that follows from an operation's contract. */
export function describeOperation(operation: Operation): MethodDecorator {
  return applyDecorators(
    ApiTags(operation.tag),
    ApiOperation({ operationId: operation.id, summary: operation.summary }),
    ...credentials(operation),
    ...pathParameters(operation),
    ...queryParameters(operation),
    ...headers(operation),
    ...body(operation),
    ...describeResponses(operation),
  );
}

/** The page draws a lock for whatever has an entry here: what never needs a credential has none. */
function credentials({ access, optionalCaller, scopes }: Operation) {
  if (access === 'anyone' && !optionalCaller) return [];
  const signedIn = [ApiBearerAuth('bearer'), ApiCookieAuth('cookie')];
  // OpenAPI 3.1 lets any scheme name what it asks for.
  const byKey = scopes ? [ApiSecurity('key', [...scopes])] : [];
  return [...(optionalCaller ? [ApiSecurity({})] : []), ...signedIn, ...byKey];
}

const pathParameters = ({ path }: Operation) =>
  [...path.matchAll(/:(\w+)/g)].map(([, name = '']) =>
    ApiParam({
      name,
      schema: { type: 'string', format: 'uuid' },
      ...(name === 'userId' ? { description: 'a user’s id, or `me`', schema: { type: 'string' } } : {}),
    }),
  );

function queryParameters({ query }: Operation) {
  if (!(query instanceof z.ZodObject)) return [];
  return Object.entries(query.shape as Record<string, z.ZodType>).map(([name, field]) =>
    ApiQuery({ name, required: !field.safeParse(undefined).success, schema: jsonSchema(field) }),
  );
}

function headers({ idempotent }: Operation) {
  const requestId = { name: 'X-Request-Id', required: false, schema: { type: 'string', maxLength: 128 } };
  const idempotencyKey = {
    name: 'Idempotency-Key',
    required: false,
    description: 'the same key and request get the first answer again, for at least 24 hours',
    schema: { type: 'string', maxLength: 255 },
  };
  return (idempotent ? [requestId, idempotencyKey] : [requestId]).map((header) => ApiHeader(header));
}

/** Bodies that are read as bytes, by operation. */
const RAW_BODIES: Readonly<Record<string, { required: boolean; description: string }>> = {
  receiveWebhook: { required: true, description: 'the bytes as Stripe signed them' },
  unsubscribe: { required: false, description: 'whatever a mail program sends: it is not read' },
};

function body({ id, body: schema, rawBody }: Operation) {
  const bytes = rawBody ? RAW_BODIES[id] : undefined;
  if (bytes) return [ApiBody({ ...bytes, schema: { description: bytes.description } })];
  if (!schema) return [];
  const example = examples[id];
  const required = !schema.safeParse(undefined).success;
  return [
    ApiBody({
      required,
      schema: jsonSchema(schema),
      ...(example ? { examples: { typical: { value: example } } } : {}),
    }),
  ];
}
