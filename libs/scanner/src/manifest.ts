import type { CheckinManifest, ManifestTicket } from '@app/contracts';

/** What holds for the whole event. */
export type GateRules = Pick<
  CheckinManifest,
  'eventId' | 'keys' | 'stepSeconds' | 'toleranceSteps' | 'reentryAllowed' | 'gates' | 'ticketTypes'
>;
export type KnownTicket = Omit<ManifestTicket, 'id'>;

/** Of a manifest, what is not about single tickets. */
export interface ManifestHead {
  rules: GateRules;
  /** From where the next delta goes on. */
  since: string;
  /** Milliseconds that the platform's clock is ahead of the device's. */
  clockAhead: number;
}

/** What the platform has told of an event: enough to judge its tickets without network. Nothing personal is in it. */
export class Manifest {
  constructor(
    readonly head: ManifestHead,
    private readonly tickets: Map<string, KnownTicket> = new Map(),
  ) {}

  /** The same with what a whole answer told: rules always in full, tickets in full or in what changed. */
  with(head: ManifestHead, tickets: readonly ManifestTicket[], { replace }: { replace: boolean }): Manifest {
    const known = replace ? new Map<string, KnownTicket>() : this.tickets;
    for (const { id, ...ticket } of tickets) known.set(id, ticket);
    return new Manifest(head, known);
  }

  ticket(id: string): KnownTicket | undefined {
    return this.tickets.get(id);
  }

  get size(): number {
    return this.tickets.size;
  }
}

export const rulesOf = ({
  eventId,
  keys,
  stepSeconds,
  toleranceSteps,
  reentryAllowed,
  gates,
  ticketTypes,
}: CheckinManifest): GateRules => ({
  eventId,
  keys,
  stepSeconds,
  toleranceSteps,
  reentryAllowed,
  gates,
  ticketTypes,
});
