import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { v7 as uuidv7 } from 'uuid';
import type { Client } from './client.js';
import { rotate, type PresentedToken } from './refresh-rotation.js';
import { hashOf, newSecretToken } from './secret-token.js';

/** Days that a refresh token can be exchanged. */
export const REFRESH_TOKEN_DAYS = 30;
/** Days after which a session ends however often it is used (OWASP ASVS 5.0, 7.3.2). */
const SESSION_DAYS = 90;

export interface Session {
  id: string;
  userId: string;
  /** The only copy: we keep its hash. */
  refreshToken: string;
}

type TokenRow = { now: Date; expires_at: Date; used_at: Date | null } & {
  successors: number;
  successor_used: boolean;
  sibling_used: boolean;
};

/** Sessions, each a family of refresh tokens. Every method works in the open transaction. */
@Injectable()
export class SessionStore {
  constructor(private readonly database: Database) {}

  async start(userId: string, { network, userAgent }: Client): Promise<Session> {
    const id = uuidv7();
    await this.database.current().execute(
      `insert into sessions (id, user_id, network, user_agent, expires_at, ends_at)
       values ($1, $2, $3, $4, now(), now() + make_interval(days => $5))`,
      [id, userId, network, userAgent, SESSION_DAYS],
    );
    return { id, userId, refreshToken: await this.addToken(id, null) };
  }

  /**
   * Exchanges a refresh token for the next one. Parallel calls of one session come one after the other.
   * @returns undefined when the token is refused; `reusedOf` whose session its reuse has revoked, which only counts when
   * the transaction commits.
   */
  async exchange(
    refreshToken: string,
    { network, userAgent }: Client,
  ): Promise<Session | { reusedOf: { userId: string; sessionId: string } } | undefined> {
    const transaction = this.database.current();
    const hash = hashOf(refreshToken);
    const [session] = await transaction.query<{ id: string; user_id: string; revoked_at: Date | null }>(
      `select id, user_id, revoked_at from sessions
       where id = (select session_id from refresh_tokens where token_hash = $1) for update`,
      [hash],
    );
    if (!session) return undefined;
    const [row] = await transaction.query<TokenRow>(PRESENTED, [hash]);
    if (!row) return undefined;
    const decision = rotate(presented(row, session.revoked_at !== null), row.now);
    if (decision === 'refuse') return undefined;
    if (decision === 'revoke') {
      await this.revoke([session.id]);
      return { reusedOf: { userId: session.user_id, sessionId: session.id } };
    }
    if (decision === 'exchange') await this.markUsed(hash, session.id, row.now);
    await transaction.execute('update sessions set last_used_at = now(), network = $2, user_agent = $3 where id = $1', [
      session.id,
      network,
      userAgent,
    ]);
    return { id: session.id, userId: session.user_id, refreshToken: await this.addToken(session.id, hash) };
  }

  async findByRefreshToken(refreshToken: string): Promise<string | undefined> {
    const [row] = await this.database
      .current()
      .query<{ session_id: string }>('select session_id from refresh_tokens where token_hash = $1', [
        hashOf(refreshToken),
      ]);
    return row?.session_id;
  }

  /** Ends sessions with all their tokens; those that have ended stay as they are. */
  async revoke(sessionIds: readonly string[]): Promise<void> {
    await this.database
      .current()
      .execute('update sessions set revoked_at = clock_timestamp() where id = any($1) and revoked_at is null', [
        sessionIds,
      ]);
  }

  /**
   * Ends every session of a person that has not ended, but for `kept`.
   * @returns how many
   */
  async revokeAll(userId: string, kept?: string): Promise<number> {
    return this.database.current().execute(
      `update sessions set revoked_at = clock_timestamp()
         where user_id = $1 and revoked_at is null and id::text is distinct from $2`,
      [userId, kept ?? null],
    );
  }

  /** @returns false when the person has no such session that goes on. */
  async revokeOwn(userId: string, sessionId: string): Promise<boolean> {
    const rows = await this.database.current().execute(
      `update sessions set revoked_at = clock_timestamp()
       where id = $2 and user_id = $1 and revoked_at is null and expires_at > now()`,
      [userId, sessionId],
    );
    return rows === 1;
  }

  private async markUsed(hash: Buffer, sessionId: string, at: Date): Promise<void> {
    const transaction = this.database.current();
    await transaction.execute('update refresh_tokens set used_at = $2 where token_hash = $1', [hash, at]);
    await transaction.execute('delete from refresh_tokens where session_id = $1 and expires_at <= now()', [sessionId]);
  }

  /** It lasts for its days, but not longer than its session. */
  private async addToken(sessionId: string, parent: Buffer | null): Promise<string> {
    const { secret, hash } = newSecretToken();
    await this.database.current().execute(
      `with session as (
         update sessions set expires_at = least(ends_at, now() + make_interval(days => $4)) where id = $2 returning expires_at
       )
       insert into refresh_tokens (token_hash, session_id, parent_hash, expires_at) select $1, $2, $3, expires_at from session`,
      [hash, sessionId, parent, REFRESH_TOKEN_DAYS],
    );
    return secret;
  }
}

const presented = (row: TokenRow, sessionRevoked: boolean): PresentedToken => ({
  expiresAt: row.expires_at,
  usedAt: row.used_at,
  successors: row.successors,
  successorUsed: row.successor_used,
  siblingUsed: row.sibling_used,
  sessionRevoked,
});

// `clock_timestamp`, because the transaction may have waited for its turn.
const PRESENTED = `
  select clock_timestamp() as now, t.expires_at, t.used_at,
    (select count(*) from refresh_tokens child where child.parent_hash = t.token_hash) as successors,
    exists (select from refresh_tokens child
            where child.parent_hash = t.token_hash and child.used_at is not null) as successor_used,
    exists (select from refresh_tokens sibling where sibling.parent_hash = t.parent_hash
            and sibling.token_hash <> t.token_hash and sibling.used_at is not null) as sibling_used
  from refresh_tokens t where t.token_hash = $1`;
