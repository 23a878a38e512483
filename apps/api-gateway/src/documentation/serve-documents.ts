import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** The page's scripts and styles lie in a package that comes with @nestjs/swagger: nothing is loaded from elsewhere. */
const swagger = createRequire(import.meta.url).resolve('@nestjs/swagger');
const assets = dirname(createRequire(swagger).resolve('swagger-ui-dist/package.json'));
const files: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Ticketing API</title>
    <link rel="icon" href="/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;
/** What the page needs: its own scripts and pictures, the API, and the styles that Swagger UI writes as it goes. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(';');
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true });\n`;

/** The written document (`npm run openapi`, held to the code by CI): making it at start would cost a second. */
function documentFile(folder = import.meta.dirname): string {
  const file = join(folder, 'docs/openapi.json');
  if (existsSync(file)) return file;
  if (dirname(folder) === folder) throw new Error('docs/openapi.json is missing: write it with `npm run openapi`.');
  return documentFile(dirname(folder));
}

/** `/docs` for people, `/openapi.json` for programs. @throws when the document was never written. */
export function serveDocuments(app: NestFastifyApplication): void {
  const instance = app.getHttpAdapter().getInstance();
  const document = readFile(documentFile(), 'utf8');
  instance.get('/openapi.json', async (_request, reply) =>
    reply
      .type('application/json; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(await document),
  );
  const own = { 'cache-control': 'no-cache', 'content-security-policy': POLICY };
  instance.get('/docs', (_request, reply) => void reply.headers(own).type('text/html; charset=utf-8').send(PAGE));
  instance.get(
    '/docs/start.js',
    (_request, reply) => void reply.headers(own).type('text/javascript; charset=utf-8').send(START),
  );
  for (const [name, type] of Object.entries(files))
    instance.get(`/docs/${name}`, async (_request, reply) =>
      reply
        .type(type)
        .header('cache-control', 'public, max-age=86400')
        .send(await readFile(join(assets, name))),
    );
}
