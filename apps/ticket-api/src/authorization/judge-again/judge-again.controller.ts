import { Body, Controller } from '@nestjs/common';
import type { Principal } from '@app/auth';
import { JudgeAgain, operations, type JudgedAgain, type ResourceRule } from '@app/contracts';
import { InternalPost } from '@app/http';
import { notFound, ProblemError } from '@app/problem-details';
import { ResourceAccess } from '../resource-access.js';

/** For the gateway, of answers that go on: whether those who were let in still may see them. */
@Controller()
export class JudgeAgainController {
  constructor(private readonly access: ResourceAccess) {}

  @InternalPost('/internal/authorizations', { callers: ['api-gateway'], body: JudgeAgain })
  async judge(@Body() { operation: id, params, callers }: JudgeAgain): Promise<JudgedAgain> {
    const rule = operations.find((operation) => operation.id === id)?.access;
    if (typeof rule !== 'object') throw notFound('An operation with a rule of that name');
    const allowed: boolean[] = [];
    for (const caller of callers)
      allowed.push(await this.isAllowed(rule, params[rule.param] ?? '', caller as Principal));
    return { allowed };
  }

  /** What is watched is read, which the staff of a suspended organization may. */
  private async isAllowed({ resource, anyOf }: ResourceRule, id: string, who: Principal): Promise<boolean> {
    try {
      await this.access.require(resource, id, who, anyOf, { evenSuspended: true });
      return true;
    } catch (error) {
      if (error instanceof ProblemError) return false;
      throw error;
    }
  }
}
