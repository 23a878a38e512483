import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { isApiKey, ServiceTokens, type Principal } from '@app/auth';
import { InternalClient, internalClient } from '@app/http';
import { notFound, ProblemError } from '@app/problem-details';
import { z } from 'zod';
import { CONFIG, type Config } from '../config.js';

const Memberships = z.object({ data: z.array(z.object({ id: z.uuid(), role: z.string() })) });

/** Who looks after an organization, and as what. */
export interface StaffMember {
  id: string;
  name: string;
  role: string;
}

/** Which organizations somebody may look after; a key looks after its own. Ticket-api, which alone knows, is asked at every call: a role may end. */
@Injectable()
export class Organizers implements OnApplicationShutdown {
  private readonly client: InternalClient;

  constructor(@Inject(CONFIG) { ticketApiInternalUrl: url }: Config, @Inject(ServiceTokens) tokens: ServiceTokens) {
    this.client = internalClient({ service: 'ticket-api', url, tokens });
  }

  /**
   * The organizations whose owner or organizer somebody is, or the one that was named.
   * @throws ProblemError `forbidden` when there is none, or not the one named; `service-unavailable` while ticket-api is away.
   */
  async tenantsOf(who: Principal, named?: string): Promise<string[]> {
    const found = await this.organized(who, named);
    if (found.length === 0) throw new ProblemError('forbidden', 'This takes one of: owner, organizer.');
    return found.map(({ id }) => id);
  }

  /**
   * As what somebody looks after an organization. `what` it is about does not exist for anybody else.
   * @throws ProblemError `not-found` for anybody else; `service-unavailable` while ticket-api is away.
   */
  async roleAt(who: Principal, tenantId: string, what: string): Promise<string> {
    const [organization] = await this.organized(who, tenantId);
    if (!organization) throw notFound(what);
    return organization.role;
  }

  private async organized(who: Principal, named?: string): Promise<{ id: string; role: string }[]> {
    const data = isApiKey(who) ? [{ id: who.tenantId, role: 'organizer' }] : await this.membershipsOf(who.userId);
    return data.filter(({ id, role }) => isOrganizer(role) && (named === undefined || id === named));
  }

  private async membershipsOf(userId: string): Promise<{ id: string; role: string }[]> {
    return (await this.client.get(`/internal/users/${userId}/organizations`, Memberships)).data;
  }

  onApplicationShutdown(): Promise<void> {
    return this.client.close();
  }
}

const isOrganizer = (role: string) => role === 'owner' || role === 'organizer';
