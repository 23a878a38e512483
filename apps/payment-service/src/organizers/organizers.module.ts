import { Module } from '@nestjs/common';
import { Organizers } from './organizers.js';

export { Organizers } from './organizers.js';

@Module({ providers: [Organizers], exports: [Organizers] })
export class OrganizersModule {}
