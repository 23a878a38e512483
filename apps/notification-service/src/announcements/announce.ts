import { AUDIENCE_PAGE, Audience, type EventFacts } from '@app/contracts';
import { ServiceTokens } from '@app/auth';
import { InternalClient, internalClient } from '@app/http';
import { nextTraceparent, requestContext } from '@app/observability';
import { Database, OneAtATime } from '@app/persistence';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { CONFIG, type Config } from '../config.js';
import { RecordMails } from '../mails/mails.module.js';
import { announcedKinds } from './announced-kinds.js';
import { AnnouncementStore, type Announcement } from './announcement.store.js';

const EVERY = 1_000;
/** Milliseconds; a page of a large event is read by its indexes. */
const TIMEOUT = 8_000;

/**
 * Writes the mails of an announcement page by page: a page's mails and how far that is commit together, so a crash leaves
 * neither, and a page that is taken twice finds its mails recorded. At most a hundred a second of each announcement.
 */
@Injectable()
export class Announce implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly log = new Logger(Announce.name);
  private readonly looks = new OneAtATime(() => this.look(), this.log);
  private readonly ticketApi: InternalClient;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AnnouncementStore) private readonly announcements: AnnouncementStore,
    @Inject(RecordMails) private readonly mails: RecordMails,
    @Inject(ServiceTokens) tokens: ServiceTokens,
    @Inject(CONFIG) { ticketApiInternalUrl: url }: Config,
  ) {
    this.ticketApi = internalClient({ service: 'ticket-api', url, tokens, timeout: TIMEOUT });
  }

  @Interval(EVERY)
  wake(): void {
    this.looks.wake();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looks.stop();
  }

  onApplicationShutdown(): Promise<void> {
    return this.ticketApi.close();
  }

  /** One look: the next page of each announcement that is due. */
  async look(): Promise<boolean> {
    for (const { id, tenantId } of await this.announcements.claim()) {
      const announcement = await this.announcements.read(tenantId, id);
      if (announcement) await this.goOn(announcement);
    }
    return false;
  }

  private async goOn(announcement: Announcement): Promise<void> {
    const { id, correlationId, kind } = announcement;
    const context = { requestId: id, correlationId, traceparent: nextTraceparent(undefined) };
    try {
      await requestContext.run(context, () => this.page(announcement));
    } catch (error) {
      if (announcement.attempts === 0) this.log.warn(`Announcement ${id} (${kind}) waits: ${(error as Error).message}`);
      await this.announcements.putBack(announcement, error as Error);
    }
  }

  /** Ticket-api is asked while no transaction is open. */
  private async page(announcement: Announcement): Promise<void> {
    const { id, tenantId, correlationId, kind, passed } = announcement;
    const facts = announcement.facts as { event: EventFacts; boughtBefore?: string };
    const { people, next } = await this.ticketApi.post(
      `/internal/events/${facts.event.id}/audience`,
      { about: announcedKinds[kind], after: passed, ...(facts.boughtBefore && { boughtBefore: facts.boughtBefore }) },
      Audience,
    );
    if (people.length > AUDIENCE_PAGE) throw new Error(`ticket-api named ${people.length} people at once`);
    await this.database.asTenant(tenantId, async () => {
      if (!(await this.announcements.pass(announcement, next))) return;
      const letters = people.map(({ email, ...person }) => ({ recipient: email, facts: { ...facts, ...person } }));
      await this.mails.announce(kind, { id, correlationId }, letters);
    });
  }
}
