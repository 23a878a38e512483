import type { Consumer } from '@app/contracts';
import { PgBoss, type JobWithMetadata } from 'pg-boss';
import { bossOptions } from '../pg-boss/pg-boss-broker.js';
import { deadLettersOf, type MessageJob } from '../pg-boss/queues.js';
import { consumers } from '../subscribed-types.js';
import { idAndType, type Choice, type DeadLetter, type DeadLetters } from './dead-letters.js';

/** pg-boss keeps where a dead letter came from, and moves it back in one statement. */
export class PgBossDeadLetters implements DeadLetters {
  private constructor(private readonly boss: PgBoss) {}

  static async open(brokerDatabaseUrl: string): Promise<PgBossDeadLetters> {
    const boss = new PgBoss({
      ...bossOptions(brokerDatabaseUrl, 'dead-letters'),
      supervise: false,
      useListenNotify: false,
    });
    let failure: Error | undefined;
    boss.on('error', (error) => (failure = error));
    await boss.start();
    if (failure) throw failure;
    return new PgBossDeadLetters(boss);
  }

  async list(choice: Choice): Promise<DeadLetter[]> {
    return (await this.find(choice)).map(({ letter }) => letter);
  }

  async replay(choice: Choice): Promise<DeadLetter[]> {
    const replayed: DeadLetter[] = [];
    for (const { letter, service, jobId } of await this.find(choice)) {
      if ((await this.boss.redrive(deadLettersOf(service), { ids: [jobId], destination: service })) > 0)
        replayed.push(letter);
    }
    return replayed;
  }

  async close(): Promise<void> {
    await this.boss.stop({ graceful: false });
  }

  private async find(choice: Choice): Promise<{ letter: DeadLetter; service: Consumer; jobId: string }[]> {
    const found = [];
    for (const service of consumers) {
      const jobs = await this.boss.findJobs<MessageJob>(deadLettersOf(service), { queued: true });
      for (const job of jobs) found.push({ letter: toLetter(service, job), service, jobId: job.id });
    }
    return found.filter(({ letter }) => choice(letter));
  }
}

function toLetter(service: Consumer, { id, data, createdOn }: JobWithMetadata<MessageJob>): DeadLetter {
  const { envelope, failures = 0, error = '' } = data;
  return { service, ...idAndType(envelope, id), failures, error, diedAt: createdOn.toISOString(), body: envelope };
}
