import { readFile, writeFile } from 'node:fs/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { operations } from '@app/contracts';
import { SigningKeys } from './authentication/signing-keys.js';
import { GATEWAY_CONFIG } from './config.js';
import { describeOpenControllers } from './documentation/describe-open-controllers.js';
import { describeOperation } from './documentation/describe-operation.js';
import { openApiDocument } from './documentation/openapi-document.js';
import { Forwarder } from './forwarding/forwarder.js';
import { operationControllers } from './forwarding/operation-controllers.js';
import { openControllers } from './operations/open-controllers.js';

const FILE = 'docs/openapi.json';

/** The gateway's routes and nothing behind them: a document needs no keys, no configuration and no other service. */
@Module({
  controllers: [...operationControllers(operations, describeOperation), ...describeOpenControllers(openControllers)],
  providers: [Forwarder, SigningKeys, GATEWAY_CONFIG].map((provide) => ({ provide, useValue: {} })),
})
class RoutesModule {}

/** Writes the OpenAPI document; with `--check` fails instead if the file differs from the code. */
const app = await NestFactory.create(RoutesModule, new FastifyAdapter(), { preview: true, logger: ['error'] });
const document = `${JSON.stringify(openApiDocument(app), undefined, 2)}\n`;
if (!process.argv.includes('--check')) await writeFile(FILE, document);
else if ((await readFile(FILE, 'utf8').catch(() => '')) !== document) {
  process.stderr.write(`${FILE} differs from the code. Write it: npm run openapi\n`);
  process.exitCode = 1;
}
