import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { readCode, readCodeKey, signCode, type CodeFacts, type CodeKey } from './ticket-code.js';

/** Makes and reads the codes that admit, with the platform's key. */
@Injectable()
export class TicketCodes {
  private readonly key: CodeKey;

  /** @throws when the configured key is not an Ed25519 key: the service does not start. */
  constructor(@Inject(CONFIG) config: Config) {
    this.key = readCodeKey(config.ticketSigningKey);
  }

  sign(facts: CodeFacts): string {
    return signCode(facts, this.key);
  }

  /** Undefined for a code that is not ours. */
  read(code: string): CodeFacts | undefined {
    return readCode(code, [this.key]);
  }
}
