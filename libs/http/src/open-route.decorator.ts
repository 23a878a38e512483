import { Get } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { declareAccess } from '@app/auth';

/** A public GET route outside the contracts' table that asks for no credential: keys, documents, health. */
export const OpenGet =
  (path: string): MethodDecorator =>
  (target, key, descriptor) => {
    declareAccess(descriptor.value as object, { kind: 'open' });
    Get(path)(target, key, descriptor);
    RouteConfig({ port: 'public' })(target, key, descriptor);
  };
