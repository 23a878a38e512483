import { judge } from './judge/judge.mjs';
import { wrongRepetition } from './judge/repetition.mjs';
import { learn } from './pool/learn.mjs';

/** Fields of answers that no log may hold, and what they are. */
const SECRET_FIELDS = {
  accessToken: 'an access token',
  refreshToken: 'a refresh token',
  code: 'the code of a ticket',
  key: 'an API key',
  secret: 'the secret of a second factor',
  recoveryCodes: 'a recovery code',
};

/** Sends what was drawn as who it is from, judges the answer and learns from it. */
export class Exchange {
  constructor({ sender, cast, pool, facts, shapes, secrets }) {
    Object.assign(this, { sender, cast, pool, facts, shapes, secrets });
  }

  /** @returns { answer, wrong }: the answer with its `body` if it is JSON, and what is wrong, in words */
  async perform(step, drawn, connection) {
    const actor = this.cast.actor(drawn.who);
    const request = { ...drawn, actor };
    const answer = await this.ask(request, connection);
    const wrong = judge(request, answer, this);
    if (answer.status === 401 && isSignedIn(request)) wrong.push(...(await this.lookAgain(request, connection)));
    if (step >= 0 && answer.body !== undefined && answer.status < 300) learn(this, step, request, answer.body);
    if (drawn.again) wrong.push(...wrongRepetition(request, answer, await this.ask(request, connection)));
    return { answer, wrong };
  }

  async ask(request, connection) {
    const { actor, how, method, path, headers, body } = request;
    const answer = await this.sender.send(connection, {
      method,
      path,
      body,
      headers: { ...headers, ...(await this.credential(actor, how)) },
    });
    if (!answer.broken && /json/.test(answer.headers['content-type'] ?? '')) answer.body = parsed(answer.bytes);
    this.keepSecrets(answer);
    return answer;
  }

  credential(actor, how) {
    if (actor.credential) return actor.credential(how);
    return how === 'none' ? {} : { authorization: this.cast.bad[how] };
  }

  /** A session may have been ended by another request; a live one that is refused is wrong. */
  async lookAgain(request, connection) {
    const { actor, how } = request;
    const self = await this.ask({ actor, how, method: 'GET', path: actor.self, headers: {} }, connection);
    if (self.status === 200 && request.operation.needsCaller) {
      const again = await this.ask({ ...request, headers: { ...request.headers } }, connection);
      return again.status === 401 ? ['401: a good credential is refused'] : [];
    }
    await actor.renew();
    return [];
  }

  keepSecrets({ headers = {}, body }) {
    for (const cookie of [headers['set-cookie'] ?? []].flat()) this.secrets.add(/=([^;]*)/.exec(cookie)?.[1]);
    if (!String(body?.type).startsWith('urn:problem:'))
      for (const [name, what] of Object.entries(SECRET_FIELDS))
        for (const value of [body?.[name]].flat()) this.secrets.name(what, value);
    for (const found of JSON.stringify(body ?? '').matchAll(/signature=([\w-]{20,})/g)) this.secrets.add(found[1]);
  }
}

const isSignedIn = ({ how, operation, actor }) =>
  how !== 'cookie from another site' && how in (actor.hows ?? {}) && operation.needsCaller;

function parsed(bytes) {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
