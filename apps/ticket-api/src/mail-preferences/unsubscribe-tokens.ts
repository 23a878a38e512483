import { Inject, Injectable } from '@nestjs/common';
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { parse, stringify } from 'uuid';
import { CONFIG, type Config } from '../config.js';

export interface Unsubscription {
  userId: string;
  /** The organization whose mails are not wanted. */
  tenantId: string;
  kind: 'reminder';
}

/** As they stand in tokens. Never changed: links in old mails work for ever. */
const KINDS: readonly Unsubscription['kind'][] = ['reminder'];
const FACTS = 33;

/**
 * What a mail's link to unsubscribe carries: person, organization and kind of mail, and proof that we wrote it (HMAC-SHA-256
 * by a key of this purpose alone). It is good for that one thing and does not end: a mail is read when it is read.
 */
@Injectable()
export class UnsubscribeTokens {
  private readonly key: Buffer;

  constructor(@Inject(CONFIG) { accountSecretsKey }: Config) {
    const secret = Buffer.from(accountSecretsKey, 'base64');
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'unsubscribe link', 32));
  }

  make({ userId, tenantId, kind }: Unsubscription): string {
    const facts = Buffer.concat([Buffer.from([KINDS.indexOf(kind)]), parse(userId), parse(tenantId)]);
    return Buffer.concat([facts, this.proof(facts)]).toString('base64url');
  }

  /** Undefined when we did not make it. */
  read(token: string | undefined): Unsubscription | undefined {
    const bytes = Buffer.from(token ?? '', 'base64url');
    const facts = bytes.subarray(0, FACTS);
    const kind = KINDS[facts[0] ?? -1];
    if (bytes.length !== FACTS + 32 || kind === undefined) return undefined;
    if (!timingSafeEqual(bytes.subarray(FACTS), this.proof(facts))) return undefined;
    return { userId: stringify(facts.subarray(1, 17)), tenantId: stringify(facts.subarray(17, 33)), kind };
  }

  private proof(facts: Buffer): Buffer {
    return createHmac('sha256', this.key).update(facts).digest();
  }
}
