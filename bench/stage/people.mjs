import { randomUUID } from 'node:crypto';
import { on } from './databases.mjs';

/** Stands where a sign-up leaves an argon2 hash: nobody signs in with it. */
const NO_PASSWORD = '-';

/**
 * People with accounts and access tokens. The rows are written and the tokens signed here, as ticket-api does it and with
 * this platform's own key: signing up ten thousand people would measure argon2.
 */
export class People {
  static async of({ url, inner }) {
    const { AccessTokens } = await import('../../dist/apps/ticket-api/src/identity/access-tokens.js');
    return new People(
      inner.databases.of['ticket-api'].ownerUrl,
      await AccessTokens.from(inner.secrets.accessTokenKey, url),
    );
  }

  constructor(databaseUrl, tokens) {
    this.databaseUrl = databaseUrl;
    this.tokens = tokens;
  }

  /** @returns of each a { id, headers }; the tokens last as long as any of ticket-api's */
  async join(count) {
    const ids = await insertPeople(this.databaseUrl, count);
    return this.signIn(ids);
  }

  signIn(ids) {
    return Promise.all(
      ids.map(async (id) => {
        const user = { id, email: `${id}@bench.example`, name: 'Bench', emailVerified: true };
        return { id, headers: { authorization: `Bearer ${await this.tokens.sign(user, randomUUID())}` } };
      }),
    );
  }
}

export async function insertPeople(databaseUrl, count) {
  const ids = Array.from({ length: count }, () => randomUUID());
  await on(databaseUrl, (client) =>
    client.query(
      `insert into users (id, email, password_hash, name, email_verified_at)
       select id, id || '@bench.example', $2, 'Bench', now() from unnest($1::uuid[]) as id`,
      [ids, NO_PASSWORD],
    ),
  );
  return ids;
}
