import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { hashOf } from './secret-token.js';

/** From where persons have entered their own accounts. Every method works in the open transaction. */
@Injectable()
export class KnownNetworkStore {
  constructor(private readonly database: Database) {}

  /** The person has just proven who it is from there. Written once a day at most. */
  async remember(userId: string, network: string): Promise<void> {
    await this.database.current().execute(
      `insert into known_networks as known (user_id, network) values ($1, $2)
       on conflict (user_id, network) do update set last_seen_at = now()
       where known.last_seen_at < now() - interval '1 day'`,
      [userId, hashOf(network)],
    );
  }

  /** @returns false also for an e-mail without an account. */
  async isKnown(email: string, network: string): Promise<boolean> {
    const rows = await this.database
      .current()
      .query(
        'select from known_networks where network = $2 and user_id = (select id from users where email = $1 and not external)',
        [email, hashOf(network)],
      );
    return rows.length === 1;
  }
}
