import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operationsOf } from './document/operations.mjs';
import { Shapes } from './document/shapes.mjs';
import { Exchange } from './exchange.mjs';
import { Findings } from './findings.mjs';
import { Choice } from './generate/choice.mjs';
import { draw } from './generate/draw.mjs';
import { Values } from './generate/values.mjs';
import { Journal } from './journal.mjs';
import { prelude, scene } from './people/prelude.mjs';
import { Facts } from './pool/facts.mjs';
import { Pool } from './pool/pool.mjs';
import { curlOf } from './send/curl.mjs';
import { Sender } from './send/send.mjs';

/** Of all answers at most this part may be a told 503: a service that hides behind them was not fuzzed. */
const MOST_UNAVAILABLE = 0.01;
/** A call that was asked so often and never with success is named. */
const OFTEN = 30;
const FILES = 5;
/** After so many requests there is something new to ask about: much of what was there has ended. */
const SCENE = 1_000;

/** Requests by chance against a gateway; what it finds stands in `findings`. */
export class Campaign {
  findings = new Findings();
  statuses = {};
  /** Operation id → { asked, done }. */
  covered = new Map();
  files = [];
  refusedScenes = [];
  /** That the requests took. */
  seconds = 0;

  constructor({ url, document, cast, secrets, seed, connections }) {
    const [pool, facts] = [new Pool(), new Facts()];
    this.shapes = new Shapes(document);
    this.sender = new Sender(url, connections);
    this.exchange = new Exchange({ sender: this.sender, cast, pool, facts, shapes: this.shapes, secrets });
    this.journal = new Journal(pool);
    const operations = operationsOf(document);
    Object.assign(this, {
      url,
      cast,
      pool,
      facts,
      seed,
      connections,
      operations,
      values: new Values(document, pool, cast),
    });
  }

  /** Brings about what deep calls need. @throws when that is refused */
  async prepare() {
    const { sellers, keys } = await prelude((...what) => this.call(...what), this.cast.people.buyer.account);
    this.sellers = sellers;
    for (const [name, { of, body }] of Object.entries(keys)) {
      const organizationId = sellers[of];
      const path = `/organizations/${organizationId}/api-keys`;
      await this.cast.admit(name, async () => {
        await this.reinstate();
        return (await this.call(of, 'POST', path, body, { learns: false })).key;
      });
      this.facts.join(organizationId, name);
    }
  }

  /** What must be done, as who it is from. @throws when it is refused */
  async call(who, method, path, body, { learns = true } = {}) {
    const full = `/api/v1${path}`;
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const operation = operationAt(this.operations, method, full.split('?')[0]);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const drawn = { operation, who, how: 'bearer', method, path: full, headers, body: text, oddities: {} };
    const step = learns ? this.journal.begin(drawn) : -1;
    const { answer, wrong } = await this.exchange.perform(step, drawn, 0);
    for (const what of wrong) this.note(step, drawn, what, answer);
    if (!(answer.status < 300))
      throw new Error(`${who} ${method} ${path}: ${answer.status ?? answer.broken} ${answer.bytes ?? ''}`);
    if (learns) this.journal.end(step, answer.status);
    if (learns) this.journal.answers.set(step, answer.body);
    return answer.body;
  }

  async run(requests, isOver = () => false) {
    let next = 0;
    const work = async (connection) => {
      while (next < requests && !isOver()) {
        const number = next++;
        if (number % SCENE === SCENE - 1) await this.another();
        await this.one(number, connection);
      }
    };
    const since = performance.now();
    await Promise.all(Array.from({ length: this.connections }, (_, connection) => work(connection)));
    this.seconds = (performance.now() - since) / 1000;
    this.judgeWhole();
  }

  /** Meanwhile others may have refunded what it needs, or sent an organizer away. */
  async another() {
    const again = this.reinstate().then(() => scene((...what) => this.call(...what), this.sellers));
    await again.catch(({ message }) => this.refusedScenes.push(message));
  }

  /** By chance the administrator has suspended who is to sell. */
  async reinstate() {
    if (!this.cast.people.admin) return;
    for (const id of Object.values(this.sellers))
      await this.call('admin', 'POST', `/admin/organizations/${id}/reinstate`, undefined, { learns: false });
  }

  async one(number, connection) {
    this.pool.taken();
    const drawn = draw(new Choice(this.seed, number), number, this);
    const step = this.journal.begin(drawn, this.pool.taken());
    const { answer, wrong } = await this.exchange.perform(step, drawn, connection);
    this.journal.end(step, answer.status);
    this.count(drawn, answer);
    for (const what of wrong) this.note(step, drawn, what, answer);
  }

  count({ operation }, { status = 'none', body }) {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    const covered = this.covered.get(operation.id) ?? { asked: 0, done: 0, refused: {} };
    covered.asked += 1;
    if (status < 400) covered.done += 1;
    const why = body?.code ?? status;
    covered.refused[why] = (covered.refused[why] ?? 0) + 1;
    this.covered.set(operation.id, covered);
  }

  note(step, drawn, what, answer) {
    const as = `${drawn.who}, ${drawn.how}`;
    const said = answer?.bytes?.toString('utf8').slice(0, 600);
    const isNew = this.findings.add(drawn.operation?.id ?? drawn.path, what, {
      as,
      curl: curlOf(this.url, drawn, as),
      said,
    });
    if (!isNew || step < 0 || this.files.length >= FILES) return;
    const path = join(tmpdir(), `ticketing-fuzz-${this.seed}-${step}.json`);
    this.journal.write(path, step, { seed: this.seed, what });
    this.files.push({ path, what });
  }

  judgeWhole() {
    const all = Object.values(this.statuses).reduce((sum, count) => sum + count, 0);
    const away = this.statuses[503] ?? 0;
    if (away > Math.max(3, all * MOST_UNAVAILABLE)) this.findings.add('all', `${away} of ${all} answers were 503`, {});
  }

  /** Calls that were often asked and never done: what the fuzz did not reach. */
  get unreached() {
    return [...this.covered]
      .filter(([, { asked, done }]) => asked >= OFTEN && done === 0)
      .map(
        ([id, { refused }]) =>
          `${id} (${Object.entries(refused)
            .map((one) => one.join(' '))
            .join(', ')})`,
      );
  }

  close() {
    return this.sender.close();
  }
}

/** The operation that a path names; one with literal segments before one with parameters. */
export function operationAt(operations, method, path) {
  const fits = operations.filter(
    (operation) =>
      operation.method === method && new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  return fits.toSorted((a, b) => a.params.length - b.params.length)[0];
}
