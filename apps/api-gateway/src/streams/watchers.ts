import { Inject, Injectable, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { isApiKey, principalId, principalOf, type Principal } from '@app/auth';
import { JudgedAgain, type JudgeAgain, type Operation } from '@app/contracts';
import { EventStream, InternalClient } from '@app/http';
import { Metrics } from '@app/observability';
import { ProblemError } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthenticationGuard } from '../authentication/authentication.guard.js';
import { SharedStream } from './shared-stream.js';

export const STREAM_CLIENT = Symbol('STREAM_CLIENT');

/** Milliseconds between two looks at credentials, and at roles. Together with the answer: within five seconds. */
const LOOK_EVERY = 1_000;
const JUDGE_EVERY = 2_500;
/** While nobody can be asked (milliseconds) who was let in goes on watching: nobody can take a role away either. */
const SILENCE = 30_000;
/** Streams of this process, and of one caller: each costs a socket and a little memory. */
const MOST = 10_000;
const MOST_OF_CALLER = 20;

interface Watcher {
  stream: EventStream;
  principal: Principal;
  operation: Operation;
  params: Record<string, string>;
  /** Whether the credentials are still good. */
  holds: () => Promise<boolean>;
  /** When that was last known. */
  heldAt: number;
  judgedAt: number;
}

/**
 * Who watches what. Each was let in by the call beside the stream and is looked at again while it goes on, by the credentials
 * and by the rule of the operation; what they see is one stream of the service.
 */
@Injectable()
export class Watchers implements OnModuleDestroy, OnApplicationShutdown {
  private readonly watchers = new Set<Watcher>();
  private readonly shared = new Map<string, SharedStream>();
  private readonly timers: NodeJS.Timeout[];
  private isStopping = false;
  private isLooking = false;
  private isJudging = false;

  constructor(
    @Inject(STREAM_CLIENT) private readonly service: InternalClient,
    private readonly authentication: AuthenticationGuard,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.timers = [
      setInterval(() => void this.look(), LOOK_EVERY).unref(),
      setInterval(() => void this.judge(), JUDGE_EVERY).unref(),
    ];
    metrics.gauges('event_streams', 'Open streams: of clients, and of services', 'side', () => [
      ['clients', this.watchers.size],
      ['services', this.shared.size],
    ]);
  }

  /** @throws ProblemError `service-unavailable`, `too-many-requests`: then nothing was answered */
  admit(operation: Operation, request: FastifyRequest, reply: FastifyReply): void {
    const principal = principalOf(request);
    if (!principal || operation.stream === undefined) throw new Error(`${operation.id} is no stream for a caller.`);
    this.refuseTooMany(principal);
    const params = request.params as Record<string, string>;
    const stream = EventStream.open(reply, operation.stream);
    const holds = () => this.authentication.stillHolds(operation, request, reply, principal);
    const now = Date.now();
    const watcher = { stream, principal, operation, params, holds, heldAt: now, judgedAt: now };
    this.watchers.add(watcher);
    stream.onClose(() => this.watchers.delete(watcher));
    this.sharedOf(operation, params).add(stream);
  }

  /** Streams of clients. */
  get size(): number {
    return this.watchers.size;
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    this.timers.forEach((timer) => clearInterval(timer));
    for (const { stream } of this.watchers) stream.end();
  }

  onApplicationShutdown(): Promise<void> {
    return this.service.destroy();
  }

  private refuseTooMany(principal: Principal): void {
    if (this.isStopping || this.watchers.size >= MOST)
      throw new ProblemError('service-unavailable', 'More are watching than can be told. Try again in a moment.');
    const id = principalId(principal);
    let mine = 0;
    for (const watcher of this.watchers) if (principalId(watcher.principal) === id) mine += 1;
    if (mine >= MOST_OF_CALLER)
      throw new ProblemError('too-many-requests', `At most ${MOST_OF_CALLER} streams at a time.`, { retryAfter: 5 });
  }

  private sharedOf({ path }: Operation, params: Record<string, string>): SharedStream {
    const named = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent((params[name] ?? '').toLowerCase()));
    const key = `/internal${named}`;
    let shared = this.shared.get(key);
    if (!shared) {
      const made = new SharedStream(this.service, key, () => {
        if (this.shared.get(key) === made) this.shared.delete(key);
      });
      this.shared.set(key, (shared = made));
    }
    return shared;
  }

  /** Ends the streams of those whose token has ended, whose session or key was revoked. */
  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    await Promise.all(
      [...this.watchers].map(async (watcher) => {
        const holds = await watcher.holds().catch(() => undefined);
        if (holds) watcher.heldAt = Date.now();
        else if (holds === false || Date.now() - watcher.heldAt > SILENCE) watcher.stream.end();
      }),
    );
    this.isLooking = false;
  }

  /** Ends the streams of those who may no longer see what is streamed: one question for each thing that is watched. */
  private async judge(): Promise<void> {
    if (this.isJudging) return;
    this.isJudging = true;
    const byQuestion = new Map<string, Watcher[]>();
    for (const watcher of this.watchers) {
      const question = `${watcher.operation.id} ${JSON.stringify(watcher.params).toLowerCase()}`;
      byQuestion.set(question, [...(byQuestion.get(question) ?? []), watcher]);
    }
    await Promise.all([...byQuestion.values()].map((watchers) => this.judgeAll(watchers)));
    this.isJudging = false;
  }

  private async judgeAll(watchers: Watcher[]): Promise<void> {
    const callers = new Map(watchers.map(({ principal }) => [principalId(principal), toCaller(principal)]));
    const { operation, params } = watchers[0]!;
    const asked = Date.now();
    const question: JudgeAgain = { operation: operation.id, params, callers: [...callers.values()] };
    const answer = await this.service.post('/internal/authorizations', question, JudgedAgain).catch(() => undefined);
    const allowed = new Map([...callers.keys()].map((id, at) => [id, answer?.allowed[at]]));
    for (const watcher of watchers) {
      const may = allowed.get(principalId(watcher.principal));
      if (may) watcher.judgedAt = asked;
      else if (may === false || Date.now() - watcher.judgedAt > SILENCE) watcher.stream.end();
    }
  }
}

const toCaller = (principal: Principal): JudgeAgain['callers'][number] =>
  isApiKey(principal) ? { keyId: principal.keyId, tenantId: principal.tenantId } : { userId: principal.userId };
