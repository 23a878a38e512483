import type { Identity } from '@app/auth';
import { v7 as uuid } from 'uuid';
import type { Answer, TicketApi } from '../../testing/open-ticket-api.js';

export const PASSWORD = 'correct horse battery staple';
/** Of it, with 8 KiB and one pass: specs sign in a hundred times, and what a hash costs is not what they are about. */
const QUICK_HASH = '$argon2id$v=19$m=8,t=1,p=1$JBciWRRg0JQ5d+VkAGH5mw$rVaWTiyzy4mh27Z45O6DryII7f+cyuaMXngItwCB8Xw';

/** Tokens of one sign-in, and who the gateway says it is. */
export interface SignedIn {
  refreshToken: string;
  sessionId: string;
  as: Identity;
}

/** People with accounts, who sign in as clients without cookies do. */
export class People {
  private count = 0;

  constructor(private readonly api: TicketApi) {}

  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.api.call('POST', path, { body, headers });
  }

  /** Somebody with an account, as signing up leaves it but for the cost of the hash. */
  async add(email = `person${++this.count}@example.org`): Promise<{ id: string; email: string }> {
    const id = uuid();
    await this.api.db.asOwner(`insert into users (id, email, password_hash, name) values ($1, $2, $3, 'Ada')`, [
      id,
      email,
      QUICK_HASH,
    ]);
    return { id, email };
  }

  grant(email: string, given: { password?: string; code?: string } = {}, headers = {}): Promise<Answer> {
    return this.post('/auth/token', { grantType: 'password', email, password: PASSWORD, ...given }, headers);
  }

  refresh(refreshToken: string, headers = {}): Promise<Answer> {
    return this.post('/auth/token', { grantType: 'refresh_token', refreshToken }, headers);
  }

  async signIn(
    email: string,
    given: { password?: string; code?: string } = {},
    headers: Record<string, string> = {},
  ): Promise<SignedIn> {
    const { status, body } = await this.grant(email, given, headers);
    if (status !== 200) throw new Error(`No sign-in: ${status} ${JSON.stringify(body)}`);
    const claims = JSON.parse(Buffer.from(body.accessToken.split('.')[1], 'base64url').toString());
    const as = { userId: claims.sub, email, name: 'Ada', emailVerified: false, sessionId: claims.sid };
    return { refreshToken: body.refreshToken, sessionId: claims.sid, as };
  }

  /** Whether the session's refresh token is still exchanged. It is used up by the question. */
  async goesOn({ refreshToken }: SignedIn): Promise<boolean> {
    return (await this.refresh(refreshToken)).status === 200;
  }

  /** Ids that the gateway is told. */
  async revoked(): Promise<string[]> {
    return (await this.api.callInternally('/internal/revoked-sessions')).body.sessionIds;
  }
}
