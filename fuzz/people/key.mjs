/** A call that any living key may make. */
const ANY = '/events?limit=1';

/** Software that acts as an organization; when its key was revoked, somebody makes another one. */
export class Key {
  /** It is no person, so nothing is its own. */
  ids = new Set();
  /** A call that a good credential of this kind is not refused. */
  self = `/api/v1${ANY}`;
  hows = { 'key as Bearer': 1, 'key in X-API-Key': 1 };

  /** @param name as it stands in a journal @param make () → the text of a new key */
  constructor(name, make) {
    Object.assign(this, { name, make });
  }

  credential(how) {
    return how === 'key as Bearer' ? { authorization: `Bearer ${this.text}` } : { 'x-api-key': this.text };
  }

  /** @throws when it cannot be done */
  async renew() {
    this.renewing ??= this.make()
      .then((text) => (this.text = text))
      .finally(() => (this.renewing = undefined));
    await this.renewing;
  }
}
