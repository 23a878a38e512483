import { setImmediate as turn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { TicketKey } from '@app/contracts';
import { isSignedBy, parseCode, readCode, signCode, type CodeFacts, type TicketCode } from '@app/ticket-codes';
import { CONFIG, type Config } from '../config.js';
import { bytesOf, deriveCodeKey, readMasterKeys, type CodeKey, type MasterKey } from './code-keys.js';
import { Recent } from './recent.js';

/** Which of an event's generations of keys signs, and the oldest whose codes are taken. */
export interface Generations {
  current: number;
  oldest: number;
}

/** What a code is made for. */
export type Codable = Omit<CodeFacts, 'step'> & {
  /** That signs the codes of the event. */
  generation: number;
};

/** Some hundred bytes each: those of the events that are on sale or at the door. */
const KEPT_KEYS = 2_000;
/** A signature takes about 0.05 ms, a key 0.3: nobody else waits longer than a few milliseconds. */
const SIGNATURES_AT_A_TIME = 40;
const KEYS_AT_A_TIME = 8;

/** Makes and reads the codes that admit, with keys of each event derived from the platform's. */
@Injectable()
export class TicketCodes {
  private readonly masters: readonly MasterKey[];
  private readonly keys = new Recent<CodeKey>(KEPT_KEYS);

  /** @throws when a configured key is not an Ed25519 key: the service does not start. */
  constructor(@Inject(CONFIG) config: Config) {
    this.masters = readMasterKeys(config.ticketSigningKeys);
  }

  /** The static code, for paper. */
  signStatic(ticket: Codable): string {
    return signCode({ ...ticket, step: null }, this.signingKey(ticket));
  }

  /** The rotating codes of so many steps from `first` on, for a screen. Lets others work in between. */
  async signSteps(ticket: Codable, first: number, count: number): Promise<string[]> {
    const key = this.signingKey(ticket);
    const codes: string[] = [];
    for (let n = 0; n < count; n += 1) {
      if (n > 0 && n % SIGNATURES_AT_A_TIME === 0) await turn();
      codes.push(signCode({ ...ticket, step: first + n }, key));
    }
    return codes;
  }

  /**
   * Undefined for a code that is not ours. Whether its generation still counts, whether it is of this moment and whether
   * its ticket admits is judged by `judgeCheckIn`.
   */
  read(code: string): TicketCode | undefined {
    let used: [name: string, key: CodeKey] | undefined;
    const found = readCode(code, (keyId, eventId) => this.candidates(keyId, eventId, (...each) => (used = each)));
    // Kept only now: made-up events must not push out the keys of real ones.
    if (found && used) this.keys.keep(...used);
    return found;
  }

  /**
   * The same for many at once and codes of one event alone, while others are served; one that names another event is not
   * proven.
   */
  async readOfEvent(eventId: string, codes: readonly string[]): Promise<(TicketCode | 'another-event' | undefined)[]> {
    const reading: Promise<TicketCode | 'another-event' | undefined>[] = [];
    for (const code of codes) {
      if (reading.length > 0 && reading.length % SIGNATURES_AT_A_TIME === 0) await turn();
      reading.push(this.readAside(eventId, code));
    }
    return Promise.all(reading);
  }

  private async readAside(eventId: string, code: string): Promise<TicketCode | 'another-event' | undefined> {
    const unproven = parseCode(code);
    if (!unproven) return undefined;
    if (unproven.says.eventId !== eventId) return 'another-event';
    // The event is a real one: its keys are worth keeping.
    const keep = (name: string, key: CodeKey) => this.keys.keep(name, key);
    for (const key of this.candidates(unproven.keyId, eventId, keep))
      if (await isSignedBy(unproven, key)) return unproven.says;
    return undefined;
  }

  /** The public halves of all keys that an event has or had, newest first. */
  async publicKeys(eventId: string, { current, oldest }: Generations): Promise<TicketKey[]> {
    const listed: TicketKey[] = [];
    for (let generation = current; generation >= 1; generation -= 1)
      for (const [index, master] of this.masters.entries()) {
        if (listed.length > 0 && listed.length % KEYS_AT_A_TIME === 0) await turn();
        const { id, publicKey } = deriveCodeKey(master, eventId, generation);
        const signs = index === 0 && generation === current;
        const status = generation < oldest ? 'revoked' : signs ? 'signing' : 'verifying';
        listed.push({ id, algorithm: 'Ed25519', publicKey: bytesOf(publicKey, 'x').toString('base64url'), status });
      }
    return listed;
  }

  private signingKey({ eventId, generation }: Codable): CodeKey {
    const [first] = this.masters as [MasterKey];
    const name = nameOf(0, eventId, generation);
    const key = this.keys.get(name) ?? deriveCodeKey(first, eventId, generation);
    this.keys.keep(name, key);
    return key;
  }

  /** The keys that have this id, one after another; `note` is told which one is being tried. */
  private *candidates(keyId: number, eventId: string, note: (name: string, key: CodeKey) => void) {
    const generation = keyId & 0xff;
    if (generation === 0) return;
    for (const [index, master] of this.masters.entries()) {
      if (master.id !== keyId >> 8) continue;
      const name = nameOf(index, eventId, generation);
      const key = this.keys.get(name) ?? deriveCodeKey(master, eventId, generation);
      note(name, key);
      yield key.publicKey;
    }
  }
}

const nameOf = (master: number, eventId: string, generation: number) => `${master} ${eventId} ${generation}`;
