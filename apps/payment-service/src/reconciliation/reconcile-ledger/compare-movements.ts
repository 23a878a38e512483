import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import type { Movement } from '../../stripe/stripe.module.js';
import { BooksStore } from '../books.store.js';
import { differenceOf, type Booked, type DifferenceKind } from '../difference.js';
import { DifferenceStore } from '../difference.store.js';
import { provided, subjectOf } from '../provided.js';
import { RepairDifference } from './repair-difference.js';

interface Differing {
  movement: Movement;
  kind: DifferenceKind;
  booked: Booked | undefined;
}

/** Holds what the provider has against our books: a page of it with one look, and what differs one by one. */
@Injectable()
export class CompareMovements {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(BooksStore) private readonly books: BooksStore,
    @Inject(DifferenceStore) private readonly differences: DifferenceStore,
    @Inject(RepairDifference) private readonly repairs: RepairDifference,
  ) {}

  /** @throws ProviderUnavailable: some are compared, and all may be compared again */
  async compare(movements: readonly Movement[]): Promise<void> {
    if (movements.length === 0) return;
    const differing = await this.database.asJob(async (transaction) => {
      const books = await this.books.read(transaction, movements);
      const judged = movements.map((movement) => judge(movement, books.get(subjectOf(movement))));
      const same = movements.filter((_, index) => judged[index] === null);
      await this.books.confirm(transaction, same);
      await this.differences.close(transaction, same.map(subjectOf), 'found-equal');
      // What went and came back is told of twice.
      const once = new Map(judged.map((difference, index) => [subjectOf(movements[index]!), difference]));
      return [...once.values()].filter((difference) => difference !== null);
    });
    for (const { movement, kind, booked } of differing) await this.repairs.repair(movement, kind, booked);
  }
}

function judge(movement: Movement, booked: Booked | undefined): Differing | null {
  const kind = differenceOf(provided(movement), booked);
  return kind && { movement, kind, booked };
}
