import { Injectable } from '@nestjs/common';
import type { Identity, ResourceAuthorizer } from '@app/auth';
import type { ResourceRule } from '@app/contracts';
import type { Location } from './access-policy.js';
import { ResourceAccess } from './resource-access.js';

/** Judges the rule of a route for the resource that its path names, with one look-up. */
@Injectable()
export class PathAuthorizer implements ResourceAuthorizer {
  constructor(private readonly access: ResourceAccess) {}

  /** What it finds reaches the handler as `@Located()`. */
  authorize(
    { userId }: Identity,
    { resource, param, anyOf }: ResourceRule,
    params: Readonly<Record<string, string>>,
  ): Promise<Location> {
    const id = params[param];
    if (id === undefined) throw new Error(`The rule asks for :${param}, which the path does not have.`);
    return this.access.require(resource, id, userId, anyOf);
  }
}
