import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';

export interface SecondFactor {
  secret: Buffer;
  isConfirmed: boolean;
  lastStep: number;
  /** By the database's clock, which every replica shares. */
  now: Date;
}

interface Row {
  secret: Buffer;
  is_confirmed: boolean;
  last_step: string | number;
  now: Date;
}

/** Second factors and recovery codes. Every method works in the open transaction. */
@Injectable()
export class SecondFactorStore {
  constructor(private readonly database: Database) {}

  async find(userId: string): Promise<SecondFactor | undefined> {
    const [row] = await this.database.current().query<Row>(
      `select secret, confirmed_at is not null as is_confirmed, last_step, clock_timestamp() as now
         from second_factors where user_id = $1`,
      [userId],
    );
    return row && { secret: row.secret, isConfirmed: row.is_confirmed, lastStep: Number(row.last_step), now: row.now };
  }

  /** Takes the place of one that was not confirmed. @returns false when there is one that was. */
  async begin(userId: string, secret: Buffer): Promise<boolean> {
    const rows = await this.database.current().execute(
      `insert into second_factors as present (user_id, secret) values ($1, $2)
       on conflict (user_id) do update set secret = excluded.secret, created_at = now() where present.confirmed_at is null`,
      [userId, secret],
    );
    return rows === 1;
  }

  /** @returns false when it was confirmed meanwhile. */
  async confirm(userId: string, step: number, recoveryCodes: readonly Buffer[]): Promise<boolean> {
    const rows = await this.database
      .current()
      .execute(
        'update second_factors set confirmed_at = now(), last_step = $2 where user_id = $1 and confirmed_at is null',
        [userId, step],
      );
    if (rows !== 1) return false;
    await this.database
      .current()
      .execute('insert into recovery_codes (user_id, code_hash) select $1, unnest($2::bytea[])', [
        userId,
        recoveryCodes,
      ]);
    return true;
  }

  /** Uses a step's code up. @returns false when it, or a later one, was used: also at the same moment. */
  async useStep(userId: string, step: number): Promise<boolean> {
    const rows = await this.database
      .current()
      .execute('update second_factors set last_step = $2 where user_id = $1 and last_step < $2', [userId, step]);
    return rows === 1;
  }

  /** Uses a recovery code up. @returns false when there is none. */
  async useRecoveryCode(userId: string, hash: Buffer): Promise<boolean> {
    const rows = await this.database
      .current()
      .execute('delete from recovery_codes where user_id = $1 and code_hash = $2', [userId, hash]);
    return rows === 1;
  }

  /** With its recovery codes. */
  async remove(userId: string): Promise<void> {
    await this.database.current().execute('delete from second_factors where user_id = $1', [userId]);
  }
}
