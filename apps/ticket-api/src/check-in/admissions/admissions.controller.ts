import { Controller, Param, Res, type OnModuleDestroy } from '@nestjs/common';
import { getAdmissions, streamAdmissions, type Admissions } from '@app/contracts';
import { EventStream, InternalGet, Operation } from '@app/http';
import { notFound, ProblemError } from '@app/problem-details';
import type { FastifyReply } from 'fastify';
import { Located, ResourceAccess, type Location } from '../../authorization/authorization.module.js';
import { AdmissionFeed } from './admission-feed.js';
import { CountAdmissions } from './count-admissions.js';

/** Milliseconds that the gateway's word for a caller is good for. */
const WORD = 60_000;

@Controller()
export class AdmissionsController implements OnModuleDestroy {
  private readonly open = new Set<EventStream>();
  private isStopping = false;

  constructor(
    private readonly counts: CountAdmissions,
    private readonly feed: AdmissionFeed,
    private readonly access: ResourceAccess,
  ) {}

  @Operation(getAdmissions)
  count(@Located() { tenantId }: Location, @Param('eventId') eventId: string): Promise<Admissions> {
    return this.counts.of(tenantId, eventId);
  }

  /** For one caller. Whoever asks through the gateway shares the internal one. */
  @Operation(streamAdmissions)
  stream(@Located() { tenantId }: Location, @Param('eventId') eventId: string, @Res() reply: FastifyReply): void {
    const stream = this.begin(tenantId, eventId, reply);
    const timer = setTimeout(() => stream.end(), WORD).unref();
    stream.onClose(() => clearTimeout(timer));
  }

  /** For the gateway, which answers to each of those who watch whether they may. */
  @InternalGet('/internal/events/:eventId/admissions/stream', { callers: ['api-gateway'] })
  async streamInternally(@Param('eventId') eventId: string, @Res() reply: FastifyReply): Promise<void> {
    const found = await this.access.locate('event', eventId, null);
    if (!found) throw notFound('The event');
    this.begin(found.tenantId, eventId, reply);
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    for (const stream of this.open) stream.end();
  }

  private begin(tenantId: string, eventId: string, reply: FastifyReply): EventStream {
    if (this.isStopping) throw new ProblemError('service-unavailable', 'This replica is stopping.');
    const stream = EventStream.open(reply, 'admissions');
    this.open.add(stream);
    const stop = this.feed.watch(tenantId, eventId, (state) => stream.send(state));
    stream.onClose(() => {
      this.open.delete(stream);
      stop();
    });
    return stream;
  }
}
