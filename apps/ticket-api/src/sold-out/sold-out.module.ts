import { Module } from '@nestjs/common';
import { SoldOut } from './sold-out.js';

/** What orders need not ask the database for, because nothing is left. */
@Module({ providers: [SoldOut], exports: [SoldOut] })
export class SoldOutModule {}

export { SoldOut, type SoldOutType } from './sold-out.js';
