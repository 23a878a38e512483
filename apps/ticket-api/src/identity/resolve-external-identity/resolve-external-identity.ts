import { Injectable } from '@nestjs/common';
import { PLATFORM_TENANT, unknownAddress, type ResolvedPerson, type ResolveExternalIdentity } from '@app/contracts';
import { Database } from '@app/persistence';
import { v7 as uuidv7 } from 'uuid';
import { ExternalIdentityStore, identityHash, isOlderThan, type ExternalAccount } from '../external-identity.store.js';

/** A call of the gateway for each token every few seconds: one statement, unless there is something new. */
@Injectable()
export class ResolveExternalIdentityHandler {
  constructor(
    private readonly database: Database,
    private readonly identities: ExternalIdentityStore,
  ) {}

  /** @returns null when the account was erased after the token was issued: that must not bring it back. */
  async execute(stated: ResolveExternalIdentity): Promise<ResolvedPerson['person']> {
    const hash = identityHash(stated.issuer, stated.subjectClaim, stated.subject);
    const known = await this.identities.find(hash);
    if (known && !isNews(known, stated)) return personOf(known);
    const issuedAt = new Date(stated.issuedAt * 1000);
    if (known?.erasedAt && isOlderThan(known.erasedAt, issuedAt)) return null;
    return this.database.asTenant(PLATFORM_TENANT, async () => {
      if (known?.erasedAt) await this.identities.forget(hash);
      if (known && !known.erasedAt) await this.takeEmail(hash, stated, issuedAt);
      else await this.open(hash, stated, issuedAt);
      const account = await this.identities.find(hash);
      return account && !account.erasedAt ? personOf(account) : null;
    });
  }

  private async takeEmail(hash: Buffer, { email, emailVerified }: ResolveExternalIdentity, at: Date): Promise<void> {
    if (email !== undefined) await this.identities.takeEmail(hash, email, emailVerified, at);
  }

  private async open(hash: Buffer, stated: ResolveExternalIdentity, statedAt: Date): Promise<void> {
    const { issuer, subject, emailVerified, name } = stated;
    const userId = uuidv7();
    // Not every access token tells an e-mail.
    const email = stated.email ?? unknownAddress(userId);
    const known = { email, emailVerified: emailVerified && stated.email !== undefined, name: name ?? 'Guest' };
    await this.identities.open({ userId, identityHash: hash, issuer, subject, statedAt, ...known });
  }
}

const personOf = ({ userId, email, name, emailVerified, externalId }: ExternalAccount) => ({
  ...{ userId, email, name, emailVerified },
  ...(externalId === null ? {} : { externalId }),
});

function isNews({ erasedAt, statedAt, ...known }: ExternalAccount, stated: ResolveExternalIdentity): boolean {
  if (erasedAt) return true;
  if (stated.email === undefined || stated.issuedAt * 1000 <= statedAt.getTime()) return false;
  return stated.email !== known.email || (stated.emailVerified && !known.emailVerified);
}
