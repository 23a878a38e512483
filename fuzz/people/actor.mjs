import { randomUUID } from 'node:crypto';

/** Access tokens last ten minutes. */
const FRESH = 4 * 60_000;

/** Somebody with an account, who signs in again when the token is old or was taken away. */
export class Actor {
  /** Ids of the accounts that this person has had. */
  ids = new Set();
  signedInAt = 0;
  /** A call that a good credential of this kind is not refused. */
  self = '/api/v1/users/me';
  /** Kinds of credentials, by weight. */
  hows = { bearer: 8, cookie: 1, 'cookie from another site': 1 };

  /** @param name as it stands in a journal @param account { email, password }, of one that is there */
  constructor(api, name, account, secrets) {
    Object.assign(this, { api, name, account, secrets });
  }

  /** A person who opens an account first, and another one whenever it cannot be entered any more. */
  static disposable(api, name, secrets) {
    return new Actor(api, name, undefined, secrets);
  }

  get email() {
    return this.account.email;
  }

  /** Headers that say who it is. @param how `bearer`, `cookie` or `cookie from another site` */
  async credential(how) {
    if (Date.now() - this.signedInAt > FRESH) await this.renew();
    if (how === 'bearer') return { authorization: `Bearer ${this.token}` };
    const cookie = `access_token=${this.token}; refresh_token=${this.refreshToken}`;
    const origin = how === 'cookie' ? new URL(this.api).origin : 'https://evil.example';
    return { cookie, origin };
  }

  /** @throws when it cannot be done */
  async renew() {
    // Many connections may find out at the same time.
    this.renewing ??= this.signIn().finally(() => (this.renewing = undefined));
    await this.renewing;
  }

  async signIn() {
    if (!this.account) return this.open();
    const { status, body } = await this.post('/auth/token', { grantType: 'password', ...this.account });
    if (status !== 200 && this.isDisposable) return this.open();
    if (status !== 200) throw new Error(`${this.name} cannot sign in: ${status} ${JSON.stringify(body)}`);
    this.token = body.accessToken;
    this.refreshToken = body.refreshToken;
    this.signedInAt = Date.now();
    this.secrets.add(body.accessToken, body.refreshToken);
    const me = await this.get('/users/me');
    if (me.status !== 200) throw new Error(`${this.name} has a token that is refused: ${me.status}`);
    this.ids.add(me.body.id);
  }

  async open(email = `fuzz-${randomUUID()}@example.com`) {
    this.isDisposable = true;
    const account = { email, password: `fuzz ${randomUUID()}` };
    const { status, body } = await this.post('/auth/signup', { ...account, name: this.name });
    if (status !== 201) throw new Error(`${this.name} cannot sign up: ${status} ${JSON.stringify(body)}`);
    this.secrets.add(account.password);
    this.account = account;
    return this.signIn();
  }

  get(path) {
    return this.ask(path, { headers: { authorization: `Bearer ${this.token}` } });
  }

  post(path, body) {
    return this.ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async ask(path, init) {
    const answer = await fetch(this.api + path, init);
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  }
}
