import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { MOST_GENERATIONS } from './code-keys.js';
import type { Generations } from './ticket-codes.js';

/** Which keys of an event count, inside the open transaction of its tenant. */
@Injectable()
export class CodeGenerationsStore {
  constructor(private readonly database: Database) {}

  async of(eventId: string): Promise<Generations> {
    const [row] = await this.database
      .current()
      .query<Generations>(
        'select code_generation as current, oldest_code_generation as oldest from events where id = $1',
        [eventId],
      );
    if (!row) throw notFound('The event');
    return row;
  }

  /** The next key signs from now on; with `revokeEarlier` codes of all others are refused. @throws 409 after the last. */
  async renew(eventId: string, revokeEarlier: boolean): Promise<Generations> {
    const [row] = await this.database.current().query<Generations>(
      `update events set code_generation = code_generation + 1,
         oldest_code_generation = case when $2 then code_generation + 1 else oldest_code_generation end
       where id = $1 and code_generation < $3
       returning code_generation as current, oldest_code_generation as oldest`,
      [eventId, revokeEarlier, MOST_GENERATIONS],
    );
    if (!row) throw new ProblemError('too-many-ticket-keys');
    return row;
  }
}
