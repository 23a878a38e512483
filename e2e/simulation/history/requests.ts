import { CommandBus } from '@nestjs/cqrs';
import { requestContext } from '@app/observability';
import { ProblemError } from '@app/problem-details';
import type { ServiceName } from '../platform/databases.js';
import type { Steps } from './steps.js';

/** A request that a client sends again, with its key, until it hears how it ended. */
interface Request {
  name: string;
  service: ServiceName;
  command: object;
  told: (answer: unknown) => void;
  tries: number;
}

/** After these nothing has been decided: the client asks again. */
const UNDECIDED: ReadonlySet<string> = new Set(['service-unavailable', 'idempotency-in-flight']);

const IDS = {
  requestId: 'simulated',
  correlationId: 'simulated',
  traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-00`,
};

/** What clients ask for, and have not heard the end of. */
export class Requests {
  readonly unanswered: Request[] = [];

  constructor(private readonly steps: Steps) {}

  async send(name: string, command: object, told: Request['told'], service: ServiceName = 'ticket-api'): Promise<void> {
    const request: Request = { name, command, told, service, tries: 0 };
    this.unanswered.push(request);
    await this.attempt(request);
  }

  /** One that heard nothing asks again. */
  async repeat(): Promise<void> {
    const request = this.unanswered.length > 0 ? this.steps.dice.pick(this.unanswered) : undefined;
    if (request) await this.attempt(request);
  }

  private async attempt(request: Request): Promise<void> {
    const { name, service, command } = request;
    request.tries += 1;
    const bus = this.steps.world.services[service].get(CommandBus);
    const again = request.tries > 1 ? ', again' : '';
    const ask = () => this.asOrganizer(() => bus.execute(command as never));
    const ending = await this.steps.run(name + again, ask, request.tries <= 2);
    if (ending.kind === 'done') request.told(ending.value);
    const isRefused =
      ending.kind === 'failed' && ending.error instanceof ProblemError && !UNDECIDED.has(ending.error.code);
    if (ending.kind === 'done' || isRefused) this.unanswered.splice(this.unanswered.indexOf(request), 1);
  }

  /** What is done with rights is written down with its doer, whom the guard of a route names. Buyers' deeds ask for none. */
  private asOrganizer<T>(work: () => Promise<T>): Promise<T> {
    const caller = { kind: 'person', id: this.steps.world.organizer.id, network: () => '192.0.2.1' } as const;
    return requestContext.run({ ...IDS, caller }, work);
  }
}
