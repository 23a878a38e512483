import type { ApiClient } from './api-client.js';
import type { Account } from './demo.js';
import { verificationToken } from './verification-mail.js';

interface Tokens {
  readonly accessToken: string;
}
interface User {
  readonly emailVerified: boolean;
}

/** The first mail is on its way for some hundred milliseconds; after this long another one is asked for. */
const FIRST_MAIL = 15_000;
const NEXT_MAIL = 30_000;

/** The API as this person, who has an account with a verified e-mail afterwards. */
export async function signedUp(
  api: ApiClient,
  account: Account,
  name: string,
  mailbox: string,
  signal: AbortSignal,
): Promise<ApiClient> {
  const person = (await signIn(api, account)) ?? (await signUpThenIn(api, account, name));
  const { body } = await person.call<User>('GET', '/users/me', undefined, [200]);
  if (!body.emailVerified) await verify(person, account.email, mailbox, signal);
  return person;
}

async function signIn(api: ApiClient, { email, password }: Account): Promise<ApiClient | undefined> {
  const answer = await api.call<Tokens>('POST', '/auth/token', { grantType: 'password', email, password }, [200, 401]);
  return answer.status === 200 ? api.as(answer.body.accessToken) : undefined;
}

async function signUpThenIn(api: ApiClient, account: Account, name: string): Promise<ApiClient> {
  const { status } = await api.call('POST', '/auth/signup', { ...account, name }, [201, 409]);
  const person = await signIn(api, account);
  if (!person)
    throw new Error(
      status === 409 ? `${account.email} has another password by now` : `${account.email} cannot sign in`,
    );
  return person;
}

async function verify(person: ApiClient, email: string, mailbox: string, signal: AbortSignal): Promise<void> {
  const tried = new Set<string>();
  for (const patience of [FIRST_MAIL, NEXT_MAIL]) {
    for (;;) {
      const token = await verificationToken(mailbox, email, tried, tried.size === 0 ? patience : 1_000, signal);
      if (!token) break;
      const { status } = await person.call('POST', '/auth/verify-email', { token }, [200, 409]);
      if (status === 200) return;
      tried.add(token);
    }
    await person.call('POST', '/auth/verify-email/resend', undefined, [202, 204, 409]);
  }
  throw new Error(`no verification mail reached ${email}`);
}
