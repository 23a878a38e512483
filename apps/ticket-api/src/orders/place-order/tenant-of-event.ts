import { Injectable } from '@nestjs/common';
import { ResourceAccess } from '../../authorization/authorization.module.js';

/** Events remembered at most. */
const SIZE = 10_000;

/** Leads from an event to its tenant, which never changes: asked for once, by all who want to know, then remembered. */
@Injectable()
export class TenantOfEvent {
  private readonly known = new Map<string, Promise<string | undefined>>();

  constructor(private readonly access: ResourceAccess) {}

  /** @returns undefined when there is no such event; whether the caller may see it is another question */
  find(eventId: string): Promise<string | undefined> {
    const known = this.known.get(eventId);
    if (known) return known;
    const oldest = this.known.size >= SIZE ? this.known.keys().next().value : undefined;
    if (oldest) this.known.delete(oldest);
    const asked = this.ask(eventId);
    this.known.set(eventId, asked);
    return asked;
  }

  /** What is not there, or could not be asked for, may be there the next time. */
  private async ask(eventId: string): Promise<string | undefined> {
    let tenantId: string | undefined;
    try {
      tenantId = (await this.access.locate('event', eventId, null))?.tenantId;
      return tenantId;
    } finally {
      if (!tenantId) this.known.delete(eventId);
    }
  }
}
