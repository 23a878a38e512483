import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Platform } from '@app/testing';
import PostalMime, { type Email } from 'postal-mime';
import { Client, eventually } from './client.js';

export const PASSWORD = 'correct horse battery staple';

export interface Person {
  id: string;
  email: string;
  name: string;
  accessToken: string;
  client: Client;
}

let people = 0;

/** Signs up and gets a token, as a client without cookies does. */
export async function person(platform: Platform, name = `Person ${people + 1}`): Promise<Person> {
  people += 1;
  const email = `person-${people}-${Date.now().toString(36)}@example.com`;
  const anonymous = new Client(platform.api);
  const account = await anonymous.post('/auth/signup', { email, password: PASSWORD, name });
  if (account.status !== 201) throw new Error(`signup: ${account.status} ${JSON.stringify(account.body)}`);
  const token = await anonymous.post('/auth/token', { grantType: 'password', email, password: PASSWORD });
  if (token.status !== 200) throw new Error(`token: ${token.status} ${JSON.stringify(token.body)}`);
  const { accessToken } = token.body;
  return { id: account.body.id, email, name, accessToken, client: anonymous.as(accessToken) };
}

/** The mails to an address that the local mailbox has. */
export async function mailsTo(platform: Platform, email: string): Promise<Email[]> {
  const folder = join(platform.dataDirectory, 'mail');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml')).sort();
  const mails = await Promise.all(names.map(async (name) => PostalMime.parse(await readFile(join(folder, name)))));
  return mails.filter((mail) => mail.to?.some((to) => to.address?.toLowerCase() === email.toLowerCase()));
}

export const mailTo = (platform: Platform, email: string, subject: RegExp): Promise<Email> =>
  eventually(
    `a mail to ${email} about ${subject}`,
    async () => (await mailsTo(platform, email)).find((mail) => subject.test(mail.subject ?? '')),
    (mail) => mail !== undefined,
  ) as Promise<Email>;

/** Proves the e-mail with the token in the mail. */
export async function verifyEmail(platform: Platform, { email, client }: Person): Promise<void> {
  const mail = await mailTo(platform, email, /verif|confirm your e-?mail/i);
  const token =
    /^[A-Za-z0-9_-]{43}$/m.exec(mail.text ?? '')?.[0] ?? /token=([A-Za-z0-9_-]+)/.exec(mail.text ?? '')?.[1];
  const verified = await client.post('/auth/verify-email', { token });
  if (verified.status !== 200) throw new Error(`verify: ${verified.status} ${JSON.stringify(verified.body)}`);
}
