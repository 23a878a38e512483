import { Injectable } from '@nestjs/common';
import { PROVEN_IDENTITY_HEADER, ProvenIdentities } from '@app/auth';
import type { Operation } from '@app/contracts';
import { ReceivedBody } from '@app/http';
import type { FastifyRequest } from 'fastify';
import { ExternalPersons } from './external-persons.js';

/** Tokens of other issuers that a caller shows in a body, to be known by them from then on. */
@Injectable()
export class ShownTokens {
  constructor(
    private readonly externals: ExternalPersons,
    private readonly words: ProvenIdentities,
  ) {}

  /**
   * Our word to the service about what the shown token proves: a header, if the call shows one that is good. Whether there
   * should be one is the service's to judge.
   * @throws ProblemError `service-unavailable` when the issuer cannot be asked for its keys.
   */
  async headersFor({ service }: Operation, { body, identity }: FastifyRequest): Promise<Record<string, string>> {
    const token = identity ? tokenIn(body) : undefined;
    const facts = token === undefined ? undefined : await this.externals.verify(token);
    if (!facts || !identity) return {};
    return { [PROVEN_IDENTITY_HEADER]: await this.words.sign(identity.userId, facts.stated, service) };
  }
}

/** What cannot be read here the service refuses. */
function tokenIn(body: unknown): string | undefined {
  if (!(body instanceof ReceivedBody)) return undefined;
  try {
    const { token } = JSON.parse(body.bytes.toString()) as { token?: unknown };
    return typeof token === 'string' ? token : undefined;
  } catch {
    return undefined;
  }
}
