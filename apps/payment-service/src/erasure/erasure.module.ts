import { Module } from '@nestjs/common';
import { OnUserErased } from './on-user-erased.js';

/** People whose account was erased. */
@Module({ controllers: [OnUserErased], providers: [OnUserErased] })
export class ErasureModule {}
