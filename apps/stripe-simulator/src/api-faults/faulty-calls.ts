import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { StripeError } from '../api/stripe-error.js';
import type { Fault } from './fault.js';
import { Faults } from './faults.js';

/** Seconds: no client waits for so long, and no timer of Node can be longer. */
const FOR_EVER = 24 * 24 * 3600;

/** Lets calls meet their faults. */
@Injectable()
export class FaultyCalls implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  /** The fault of a call that is carried out. */
  private readonly met = new WeakMap<FastifyRequest, Fault>();

  constructor(
    @Inject(HttpAdapterHost) { httpAdapter }: HttpAdapterHost,
    @Inject(Faults) private readonly faults: Faults,
  ) {
    httpAdapter
      .getInstance<FastifyInstance>()
      .addHook('onRequest', (request, reply) => this.meet(request, reply))
      // Its body is read by then: it can be carried out although the client has gone.
      .addHook('preHandler', (request) => this.delay(request))
      .addHook('onSend', async (request, _reply, answer) => {
        await this.keepSilent(request);
        return answer;
      });
  }

  /** Who still waits for an answer gets none: the application would not end before. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  private async meet(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const path = request.url.split('?', 1)[0] as string;
    const fault = this.faults.strike({ method: request.method, path });
    if (fault?.fault === 'error') return reply.status(fault.status).send(ERROR.toBody());
    if (fault?.fault === 'reset') {
      request.raw.socket.resetAndDestroy();
      return reply.hijack();
    }
    if (fault) this.met.set(request, fault);
    return undefined;
  }

  private async delay(request: FastifyRequest): Promise<void> {
    const fault = this.met.get(request);
    if (fault?.fault === 'slow') await this.wait(request, fault.seconds, this.stopping.signal);
  }

  private async keepSilent(request: FastifyRequest): Promise<void> {
    const fault = this.met.get(request);
    if (fault?.fault !== 'silence') return;
    const gone = new AbortController();
    const leave = () => gone.abort();
    const { socket } = request.raw;
    socket.once('close', leave);
    await this.wait(request, fault.seconds ?? FOR_EVER, AbortSignal.any([gone.signal, this.stopping.signal]));
    socket.off('close', leave);
  }

  /** Ends early by the signal; with the application the connection ends too. */
  private async wait({ raw: { socket } }: FastifyRequest, seconds: number, signal: AbortSignal): Promise<void> {
    await sleep(seconds * 1_000, undefined, { signal }).catch(() => undefined);
    if (this.stopping.signal.aborted) socket.destroy();
  }
}

const ERROR = new StripeError(500, { type: 'api_error', message: 'The simulator was told to answer with an error.' });
