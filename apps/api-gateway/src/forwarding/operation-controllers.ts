import { Controller, Inject, Req, Res, type Type } from '@nestjs/common';
import type { Operation } from '@app/contracts';
import { OperationRoute } from '@app/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeOperation } from '../documentation/describe-operation.js';
import { Forwarder } from './forwarder.js';

/** One controller per tag with one method per operation, named after it: its route, its description, and to forward. */
export function operationControllers(operations: readonly Operation[]): Type[] {
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  return tags.map((tag) => {
    const controller = controllerOf(tag);
    for (const operation of operations) if (operation.tag === tag) addMethod(controller, operation);
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

function addMethod(controller: Type, operation: Operation): void {
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
  describeOperation(operation)(prototype, key, descriptor);
}
