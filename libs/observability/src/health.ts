/** Whether something the service needs answers right now. A rejection or silence counts as `false`. */
export type HealthCheck = () => Promise<boolean> | boolean;

export interface HealthReport {
  status: 'up' | 'down';
  checks: Record<string, 'up' | 'down'>;
}

const TIMEOUT_MS = 2000;
/** Probes of many kinds ask every second; the database is asked once. */
const KEEP_MS = 1000;

/** Judges a service's checks, each with a time limit, and remembers the report for a second. */
export class Health {
  private started = false;
  private stopping = false;
  private last: { at: number; report: Promise<HealthReport> } | undefined;

  /**
   * @param checks without these the service cannot serve: it is not ready
   * @param reported told beside them and not counted: while the broker is away, orders go on and messages wait
   */
  constructor(
    private readonly checks: Record<string, HealthCheck> = {},
    private readonly reported: Record<string, HealthCheck> = {},
  ) {}

  markStarted(): void {
    this.started = true;
  }

  /** From now on not ready, so that no new work is sent here. */
  markStopping(): void {
    this.stopping = true;
  }

  /** The process runs and its event loop turns; says nothing of its peers, so that their failure never restarts us. */
  live(): HealthReport {
    return { status: 'up', checks: {} };
  }

  startup(): HealthReport {
    return { status: this.started ? 'up' : 'down', checks: {} };
  }

  async ready(): Promise<HealthReport> {
    const report = await this.report();
    return this.started && !this.stopping ? report : { ...report, status: 'down' };
  }

  private report(): Promise<HealthReport> {
    if (!this.last || Date.now() - this.last.at > KEEP_MS) this.last = { at: Date.now(), report: this.judge() };
    return this.last.report;
  }

  private async judge(): Promise<HealthReport> {
    const answers = await Promise.all(
      Object.entries({ ...this.checks, ...this.reported }).map(
        async ([name, check]) => [name, (await holds(check)) ? 'up' : 'down'] as const,
      ),
    );
    const status = answers.every(([name, answer]) => answer === 'up' || name in this.reported) ? 'up' : 'down';
    return { status, checks: Object.fromEntries(answers) };
  }
}

async function holds(check: HealthCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), TIMEOUT_MS)));
  try {
    return await Promise.race([Promise.resolve().then(check), silence]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
