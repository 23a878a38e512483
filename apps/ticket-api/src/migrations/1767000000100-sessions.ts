import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions that their person can recognise and end, and that end by themselves. */
export class Sessions1767000000100 implements MigrationInterface {
  name = 'Sessions1767000000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table sessions
        add last_used_at timestamptz,
        -- When the last of its refresh tokens ends.
        add expires_at timestamptz,
        -- However often it is used: then one has to sign in again.
        add ends_at timestamptz,
        add user_agent text,
        add network text;
      update sessions set ends_at = created_at + interval '90 days',
        last_used_at = coalesce((select max(created_at) from refresh_tokens where session_id = sessions.id), created_at),
        expires_at = coalesce((select max(expires_at) from refresh_tokens where session_id = sessions.id), created_at);
      update refresh_tokens set expires_at = ends_at from sessions where session_id = sessions.id and refresh_tokens.expires_at > ends_at;
      update sessions set expires_at = ends_at where expires_at > ends_at;
      alter table sessions
        alter last_used_at set not null,
        alter last_used_at set default now(),
        -- Defaults for replicas of the version before, which know nothing of the two.
        alter expires_at set not null,
        alter expires_at set default now() + interval '30 days',
        alter ends_at set not null,
        alter ends_at set default now() + interval '90 days',
        add check (expires_at <= ends_at);
      create index on sessions ((least(expires_at, revoked_at)));
      -- Grows with every change of what an account is entered with: who was judged by the old does not get in by it.
      alter table users add credentials_version int not null default 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table users drop credentials_version;
      alter table sessions drop last_used_at, drop expires_at, drop ends_at, drop user_agent, drop network;
    `);
  }
}
