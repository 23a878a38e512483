import { Module } from '@nestjs/common';
import { ClosePort } from './close-port/close-port.js';
import { FaultyCalls } from './faulty-calls.js';
import { Faults } from './faults.js';

/** Errors, silence and absence of Stripe's API, on command. */
@Module({ providers: [ClosePort, Faults, FaultyCalls] })
export class ApiFaultsModule {}
