import { Module } from '@nestjs/common';
import { PaymentsOfPersonController } from './payments-of-person.controller.js';
import { PaymentsOfPersonStore } from './payments-of-person.store.js';

/** What is held about a person here. */
@Module({ controllers: [PaymentsOfPersonController], providers: [PaymentsOfPersonStore] })
export class PersonalDataModule {}
