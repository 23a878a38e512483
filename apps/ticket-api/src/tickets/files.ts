import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BoundedQueue } from '../bounded-queue.js';
import type { PrintableTicket } from './printable-ticket.js';

/** Each is made in slices, so two get on as fast as more, with less memory. */
const PARALLEL = 2;
/** About ten seconds of documents of a usual order; who comes later is asked to come again. */
const WAITING = 200;

/** Makes the documents of tickets, so many at once. */
@Injectable()
export class TicketFiles {
  private readonly queue = new BoundedQueue(PARALLEL, WAITING, 'Too many files are being made at once.');

  /**
   * The PDF library and its fonts are read when the first ticket is printed: that is a tenth of the service's start.
   * @throws ProblemError `service-unavailable` when too many wait
   */
  pdf(tickets: readonly PrintableTicket[], place: { from: number; of: number } = { from: 1, of: 1 }): Promise<Buffer> {
    return this.queue.run(async () => (await import('./get-pdf/render-tickets.js')).renderTickets(tickets, place));
  }

  /** Whatever else takes long to make. @see pdf */
  make<T>(work: () => Promise<T>): Promise<T> {
    return this.queue.run(work);
  }
}

/** Who has this file gets in: no cache keeps it. */
export function asFile(reply: FastifyReply, type: string, name: string): void {
  void reply.type(type).header('content-disposition', `inline; filename="${name}"`);
  void reply.header('cache-control', 'private, no-store');
}
