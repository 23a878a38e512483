import { Controller, Inject, Param } from '@nestjs/common';
import type { PaymentsOfPerson } from '@app/contracts';
import { InternalGet } from '@app/http';
import { PaymentsOfPersonStore } from './payments-of-person.store.js';

/** For ticket-api, when a person asks for everything that is held. */
@Controller()
export class PaymentsOfPersonController {
  constructor(@Inject(PaymentsOfPersonStore) private readonly store: PaymentsOfPersonStore) {}

  @InternalGet('/internal/users/:userId/payments', { callers: ['ticket-api'] })
  get(@Param('userId') userId: string): Promise<PaymentsOfPerson> {
    return this.store.read(userId);
  }
}
