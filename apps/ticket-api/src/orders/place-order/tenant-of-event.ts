import { Injectable } from '@nestjs/common';
import { ResourceAccess } from '../../authorization/authorization.module.js';

/** Events remembered at most. */
const SIZE = 10_000;

/** Leads from an event to its tenant, which never changes: asked for once, then remembered. */
@Injectable()
export class TenantOfEvent {
  private readonly known = new Map<string, string>();

  constructor(private readonly access: ResourceAccess) {}

  /** @returns undefined when there is no such event; whether the caller may see it is another question */
  async find(eventId: string): Promise<string | undefined> {
    const known = this.known.get(eventId);
    if (known) return known;
    const tenantId = (await this.access.locate('event', eventId, null))?.tenantId;
    if (tenantId) this.remember(eventId, tenantId);
    return tenantId;
  }

  private remember(eventId: string, tenantId: string): void {
    const oldest = this.known.size >= SIZE ? this.known.keys().next().value : undefined;
    if (oldest) this.known.delete(oldest);
    this.known.set(eventId, tenantId);
  }
}
