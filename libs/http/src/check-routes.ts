import type { Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/internal';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { accessOf } from '@app/auth';
import type { Operation } from '@app/contracts';
import { operationsOf } from './operation.decorator.js';

interface Route {
  name: string;
  operations: readonly Operation[];
}

/**
 * Refuses an application whose routes and contract differ: a route without an access rule, an operation without a
 * handler or with two, a handler of another service's operation, a resource rule that nobody judges.
 */
export function checkRoutes(
  app: NestFastifyApplication,
  expected: readonly Operation[],
  judgesResources: boolean,
): void {
  const { routes, faults } = routesOf(app);
  const handlers = new Map<string, string[]>();
  for (const { name, operations } of routes)
    for (const { id } of operations) handlers.set(id, [...(handlers.get(id) ?? []), name]);
  for (const { id } of expected) if (!handlers.has(id)) faults.push(`Operation ${id} has no handler.`);
  for (const [id, names] of handlers) {
    if (names.length > 1) faults.push(`Operation ${id} has several handlers: ${names.join(', ')}.`);
    if (!expected.some((operation) => operation.id === id))
      faults.push(`${names.join(', ')}: operation ${id} is not one of this service.`);
  }
  const ruled = routes.flatMap(({ operations }) => operations).find(({ access }) => typeof access === 'object');
  if (ruled && !judgesResources)
    faults.push(`Operation ${ruled.id} asks for a resource's rule, but nothing provides RESOURCE_AUTHORIZER.`);
  if (faults.length > 0) throw new Error(`The routes do not fit the contract:\n  ${faults.join('\n  ')}`);
}

function routesOf(app: NestFastifyApplication): { routes: Route[]; faults: string[] } {
  const scanner = new MetadataScanner();
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  const routes: Route[] = [];
  const faults: string[] = [];
  for (const { metatype } of controllers) {
    const controller = metatype as Type;
    const prototype = controller.prototype as Record<string, object | undefined>;
    for (const method of scanner.getAllMethodNames(prototype)) {
      const handler = prototype[method];
      if (!handler || !Reflect.hasMetadata(PATH_METADATA, handler)) continue;
      const name = `${controller.name}.${method}`;
      if (!accessOf(handler))
        faults.push(`${name} has no access rule: use @Operation, @InternalGet, @InternalPost or @OpenGet.`);
      if (Reflect.getMetadata(PATH_METADATA, controller) !== '/')
        faults.push(`${controller.name} adds a path of its own: the contract has the whole one, use @Controller().`);
      routes.push({ name, operations: operationsOf(handler) });
    }
  }
  return { routes, faults: [...new Set(faults)] };
}
