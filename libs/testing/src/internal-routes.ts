import { RequestMethod, type INestApplication, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { accessOf, ServiceKeys, ServiceTokens, type ServiceKeyMaterial } from '@app/auth';
import type { RunningService } from '@app/http';
import { v7 as uuid } from 'uuid';

export interface InternalRoute {
  method: string;
  path: string;
  callers: readonly string[] | undefined;
  signed: boolean;
}

/** What the handlers say of themselves, so that a route of tomorrow is judged too. */
export function internalRoutesOf(app: INestApplication): InternalRoute[] {
  const modules = [...app.get(ModulesContainer).values()];
  const handlers = modules
    .flatMap((module) => [...module.controllers.values()])
    .flatMap(({ metatype }) => {
      const prototype = (metatype as Type).prototype as Record<string, object>;
      return new MetadataScanner().getAllMethodNames(prototype).map((name) => prototype[name]!);
    });
  return handlers.flatMap((handler) => {
    const access = accessOf(handler);
    if (access?.kind !== 'internal') return [];
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number]!;
    const path = Reflect.getMetadata(PATH_METADATA, handler) as string;
    return [{ method, path, callers: access.callers, signed: access.signed === true }];
  });
}

/**
 * Asks each internal route of a service as nobody, as each service, with a token for another one, and at the public port.
 * @returns what was let in that it does not name, or kept out that it names; routes that name nobody; of none, that there is none
 */
export async function faultsOfInternalRoutes(
  { app, url, internalUrl }: RunningService,
  name: string,
  keys: Readonly<Record<string, ServiceKeyMaterial>>,
): Promise<string[]> {
  const faults: string[] = [];
  const routes = internalRoutesOf(app);
  if (routes.length === 0) faults.push('there is no internal route');
  for (const { method, path, callers = [] } of routes) {
    const status = async (base: string, token?: string): Promise<number> => {
      const headers = {
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      };
      const body = method === 'GET' ? {} : { body: '{}' };
      const answer = await fetch(base + path.replaceAll(/:\w+/g, uuid()), { method, headers, ...body });
      await answer.arrayBuffer();
      return answer.status;
    };
    const wants = async (what: string, is: boolean | Promise<boolean>) => {
      if (!(await is)) faults.push(`${method} ${path}: ${what}`);
    };
    await wants('names nobody who may call', callers.length > 0);
    await wants('lets nobody in', (await status(internalUrl)) === 401);
    for (const [caller, material] of Object.entries(keys)) {
      const tokens = new ServiceTokens(new ServiceKeys(caller, material));
      const answer = await status(internalUrl, await tokens.sign(name));
      if (callers.includes(caller)) await wants(`answers ${caller} ${answer}`, ![401, 403, 500].includes(answer));
      else await wants(`answers ${caller} ${answer}`, answer === 403);
      await wants('takes a token for another', (await status(internalUrl, await tokens.sign('somebody-else'))) === 401);
      await wants('is at the public port', (await status(url, await tokens.sign(name))) === 404);
    }
  }
  return faults;
}
