import type { OnApplicationShutdown } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { Logger } from 'pino';
import type { Metrics } from './metrics.js';
import { requestContext } from './request-context.js';

/**
 * Every security event there is, and how loud it is told: `info` is what people do every day, `warn` what is refused or rare.
 * `error` stays for what is broken on our side. Operators alert on the names, so none is renamed (docs/security-events.md).
 */
export const SECURITY_EVENTS = {
  'access.refused': 'warn',
  'account.erased': 'info',
  'api-key.created': 'info',
  'api-key.revoked': 'info',
  'auth.access-token-refused': 'warn',
  'auth.api-key-refused': 'warn',
  'auth.identity-linked': 'info',
  'auth.identity-refused': 'warn',
  'auth.identity-unlinked': 'info',
  'auth.issuer-token-refused': 'warn',
  'auth.password-changed': 'info',
  'auth.password-confirmation-failed': 'warn',
  'auth.password-reset': 'info',
  'auth.refresh-token-reused': 'warn',
  'auth.second-factor-added': 'info',
  'auth.second-factor-failed': 'warn',
  'auth.second-factor-removed': 'info',
  'auth.service-token-refused': 'warn',
  'auth.sessions-ended': 'info',
  'auth.sign-in-failed': 'warn',
  'auth.signed-in': 'info',
  'auth.slowed-down': 'warn',
  'organization.reinstated': 'info',
  'organization.suspended': 'warn',
  'request.cross-site-refused': 'warn',
  'request.rate-limited': 'warn',
  'webhook.signature-refused': 'warn',
} as const;

export type SecurityEventName = keyof typeof SECURITY_EVENTS;

/** Ids and words of ours: no secret, no e-mail, no name, nothing as a client wrote it. Request id, caller and network are told by themselves. */
export interface SecurityFacts {
  userId?: string | undefined;
  keyId?: string | undefined;
  tenantId?: string | undefined;
  sessionId?: string | undefined;
  /** Which service calls. */
  caller?: string;
  /** A configured issuer. */
  issuer?: string;
  /** Method and pattern of the path. */
  route?: string;
  /** Which limit was exceeded. */
  limit?: string;
  /** What a person signed in with. */
  factor?: string;
  reason?: string;
}

/** Lines of one name in one window: an attack fills no disk, and the metric counts on. */
const MOST = 300;
/** Milliseconds. */
const WINDOW = 60_000;

interface Window {
  since: number;
  told: number;
  leftOut: number;
}

/** One line of the log for each security event, by its name, and a counter that leaves none out. */
export class SecurityEvents implements OnApplicationShutdown {
  private readonly windows = new Map<SecurityEventName, Window>();
  private readonly counter: Counter;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
    private readonly most = MOST,
  ) {
    this.counter = metrics.counter('security_events_total', 'Security events (docs/security-events.md)', ['event']);
  }

  /** In the name of whoever makes the request that is being worked on, if `facts` do not say otherwise. */
  tell(event: SecurityEventName, facts: SecurityFacts = {}): void {
    this.counter.inc({ event });
    if (this.hasRoomFor(event))
      this.logger[SECURITY_EVENTS[event]]({ event, ...circumstances(), ...facts }, 'security');
  }

  onApplicationShutdown(): void {
    for (const [event, window] of this.windows) this.tellLeftOut(event, window);
  }

  private hasRoomFor(event: SecurityEventName): boolean {
    const now = performance.now();
    let window = this.windows.get(event);
    if (!window || now - window.since >= WINDOW)
      this.windows.set(event, (window = { since: now, told: 0, leftOut: 0 }));
    if (window.told < this.most) return (window.told += 1) > 0;
    if (window.leftOut === 0) setTimeout(() => this.tellLeftOut(event, window), window.since + WINDOW - now).unref();
    window.leftOut += 1;
    return false;
  }

  private tellLeftOut(event: SecurityEventName, window: Window): void {
    const { leftOut } = window;
    window.leftOut = 0;
    if (leftOut > 0) this.logger[SECURITY_EVENTS[event]]({ event, leftOut }, 'security events were left out');
  }
}

function circumstances(): SecurityFacts & { network?: string } {
  const { caller, network } = requestContext.getStore() ?? {};
  const who = caller && (caller.kind === 'key' ? { keyId: caller.id } : { userId: caller.id });
  return { ...who, ...(network && { network: network() }) };
}
