import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { headers } from './describe-responses.js';
import { components } from './schemas.js';

const DESCRIPTION = `One document for all services behind the gateway.

Errors are RFC 9457 problem details; decide by \`code\`. Unknown fields are refused (422). Clients must expect new fields and
new enum values. Money is an integer in ISO 4217 minor units. Times are ISO 8601 in UTC.`;

/** The OpenAPI 3.1 document of everything that the gateway serves. It depends on the code alone, not on configuration. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Ticketing')
    .setVersion('1')
    .setDescription(DESCRIPTION)
    .addServer('/', 'this gateway')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
    .addCookieAuth(
      'access_token',
      { type: 'apiKey', in: 'cookie', description: 'writes also need a same-origin `Origin` or `Sec-Fetch-Site`' },
      'cookie',
    )
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'X-API-Key',
        description: 'of an organization, with the scopes named; taken as a Bearer token too',
      },
      'key',
    )
    .build();
  const document = SwaggerModule.createDocument(app, about, {
    operationIdFactory: (_, method) => method,
    autoTagControllers: false,
  });
  document.components = { ...document.components, schemas: components() as never, headers: headers as never };
  return document;
}
