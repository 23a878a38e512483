import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM_TENANT, type LinkedIdentity, type LinkIdentity, type ResolveExternalIdentity } from '@app/contracts';
import { SecurityEvents } from '@app/observability';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { AccountNotices } from '../account-notices.js';
import { AccountStore, type Credentials } from '../account.store.js';
import { ExternalIdentityStore, identityHash, isOlderThan, type ExternalAccount } from '../external-identity.store.js';
import { PasswordConfirmation } from '../password-confirmation.js';
import { ProvenChanges } from '../proven-changes.js';

export class LinkIdentityCommand extends Command<LinkedIdentity> {
  constructor(
    readonly userId: string,
    readonly given: LinkIdentity,
    /** What the token says, by the gateway's word; undefined when it does not fit. */
    readonly proven: ResolveExternalIdentity | undefined,
    /** Of the client; see `networkOfRequest`. */
    readonly network: string,
  ) {
    super();
  }
}

/**
 * The identity leads to this account from now on. One that has led to an account of its own takes the account's place only if
 * nothing was ever done with that: orders and roles of two accounts are not put together.
 */
@CommandHandler(LinkIdentityCommand)
export class LinkIdentityHandler implements ICommandHandler<LinkIdentityCommand> {
  constructor(
    private readonly database: Database,
    private readonly confirmation: PasswordConfirmation,
    private readonly changes: ProvenChanges,
    private readonly accounts: AccountStore,
    private readonly identities: ExternalIdentityStore,
    private readonly notices: AccountNotices,
    private readonly security: SecurityEvents,
  ) {}

  /**
   * @throws ProblemError `forbidden` to an account of another issuer's person; `wrong-password`, `wrong-code`;
   * `invalid-token`, `email-not-verified`, `identity-email-differs`; `identity-taken` when it belongs to another account.
   */
  async execute({ userId, given, proven, network }: LinkIdentityCommand): Promise<LinkedIdentity> {
    const account = await this.confirmation.accountOf(userId);
    if (account.passwordHash === undefined)
      throw new ProblemError('forbidden', 'This account is entered at another issuer: it takes one with a password.');
    const { linked, isNew } = await this.changes.make(account, given, network, async () => {
      if (!proven) throw new ProblemError('invalid-token', 'The token is of no issuer that counts here, or has ended.');
      refuseOtherEmail(account, proven);
      const hash = identityHash(proven.issuer, proven.subjectClaim, proven.subject);
      const isNew = await this.lead(hash, proven, userId);
      if (isNew) await this.notices.tell(account, 'identity-linked');
      return { linked: await this.identities.named(userId, hash), isNew };
    });
    if (isNew) this.security.tell('auth.identity-linked', { userId, issuer: linked.issuer });
    return linked;
  }

  /** @returns false when it led here before */
  private async lead(hash: Buffer, proven: ResolveExternalIdentity, userId: string): Promise<boolean> {
    const { issuer, subject } = proven;
    const statedAt = new Date(proven.issuedAt * 1000);
    const link = () => this.identities.link({ identityHash: hash, userId, issuer, subject, statedAt });
    if (await link()) return true;
    const other = await this.identities.find(hash);
    if (other?.userId === userId) return false;
    if (
      other &&
      (other.erasedAt
        ? await this.outlive(hash, other.erasedAt, statedAt, link)
        : await this.takeOver(hash, other, userId))
    )
      return true;
    throw new ProblemError('identity-taken');
  }

  private async outlive(hash: Buffer, erasedAt: Date, issuedAt: Date, link: () => Promise<boolean>): Promise<boolean> {
    if (isOlderThan(erasedAt, issuedAt))
      throw new ProblemError(
        'invalid-token',
        'The token is from before its account here was erased: sign in anew there.',
      );
    await this.identities.forget(hash);
    return link();
  }

  /** @returns false for an account of ours, and for one with a life of its own */
  private async takeOver(hash: Buffer, { userId: other, external }: ExternalAccount, userId: string): Promise<boolean> {
    if (!external) return false;
    // Whoever is about to give it its first order or role is waited for, or waits.
    await this.accounts.lock(other);
    const isUsed = () => this.identities.isUsed(other);
    if (await this.database.asTenant(PLATFORM_TENANT, isUsed, { userId: other })) return false;
    if (!(await this.identities.move(hash, other, userId))) return false;
    await this.identities.giveUp(other);
    return true;
  }
}

/** By e-mail alone nobody is linked, but without the same one, proven on both sides, nobody can be. */
function refuseOtherEmail({ email, emailVerified }: Credentials, proven: ResolveExternalIdentity): void {
  if (!emailVerified) throw new ProblemError('email-not-verified');
  if (!proven.emailVerified || proven.email !== email) throw new ProblemError('identity-email-differs');
}
