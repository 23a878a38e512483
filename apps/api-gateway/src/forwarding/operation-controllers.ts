import { Controller, Inject, Req, Res, type Type } from '@nestjs/common';
import type { Operation } from '@app/contracts';
import { OperationRoute } from '@app/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Forwarder } from './forwarder.js';

type Describe = (operation: Operation) => MethodDecorator;

/**
 * One controller per tag with one method per operation, named after it: its route, and to forward.
 * @param describe adds what the OpenAPI document says of it; only its writer needs that
 */
export function operationControllers(operations: readonly Operation[], describe?: Describe): Type[] {
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  return tags.map((tag) => {
    const controller = controllerOf(tag);
    for (const operation of operations) if (operation.tag === tag) addMethod(controller, operation, describe);
    return controller;
  });
}

function controllerOf(tag: string): Type {
  class Forwarding {
    constructor(readonly forwarder: Forwarder) {}
  }
  Object.defineProperty(Forwarding, 'name', { value: `Forwarding(${tag})` });
  Inject(Forwarder)(Forwarding, undefined, 0);
  Controller()(Forwarding);
  return Forwarding;
}

function addMethod(controller: Type, operation: Operation, describe?: Describe): void {
  const { prototype } = controller as { prototype: object };
  const key = operation.id;
  function forward(this: { forwarder: Forwarder }, request: FastifyRequest, reply: FastifyReply) {
    return this.forwarder.forward(operation, request, reply);
  }
  const descriptor = { value: forward, writable: true, configurable: true, enumerable: false };
  Object.defineProperty(prototype, key, descriptor);
  Req()(prototype, key, 0);
  Res()(prototype, key, 1);
  OperationRoute(operation)(prototype, key, descriptor);
  describe?.(operation)(prototype, key, descriptor);
}
