import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { ResourceAccess } from '../authorization/authorization.module.js';
import { TransferStore } from './transfer.store.js';
import { partOf, type Part, type StoredTransfer } from './transfer.js';

export interface OwnTransfer {
  transfer: StoredTransfer;
  part: Extract<Part, 'giver' | 'addressee'>;
}

/** A transfer that the caller made or that is for the caller. */
@Injectable()
export class OwnTransfers {
  constructor(
    private readonly access: ResourceAccess,
    private readonly database: Database,
    private readonly store: TransferStore,
  ) {}

  /**
   * Does something with it in a transaction of its tenant.
   * @throws ProblemError `not-found` for one of others; `email-not-verified` for one to an e-mail that the caller has not proven
   */
  async with<T>(transferId: string, userId: string, work: (own: OwnTransfer) => Promise<T>): Promise<T> {
    const located = await this.access.locate('transfer', transferId, userId);
    if (!located?.isSelf) throw notFound('This transfer');
    return this.database.asTenant(located.tenantId, async () => {
      // The account first: who erases it does not wait for who waits for that.
      const person = await this.store.person(userId);
      const transfer = await this.store.find(transferId);
      const part = transfer ? partOf(transfer, person) : 'none';
      if (!transfer || part === 'none') throw notFound('This transfer');
      if (part === 'unproven') throw new ProblemError('email-not-verified');
      return work({ transfer, part });
    });
  }
}

/** 409, to whoever answers an offer that has ended. */
export function transferEnded({ status, reason }: Pick<StoredTransfer, 'status' | 'reason'>): ProblemError {
  const detail = reason === null ? `The offer is ${status}.` : `The offer is ${status}: ${reason}.`;
  return new ProblemError('transfer-ended', detail, { outcome: status, reason });
}

/** @throws ProblemError `forbidden` to who made the offer. */
export function requireAddressee({ part }: OwnTransfer): void {
  if (part !== 'addressee')
    throw new ProblemError('forbidden', 'Whom it is offered to answers it; you may withdraw it.');
}
