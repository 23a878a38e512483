import { Module } from '@nestjs/common';
import { Organizers } from './organizers.js';

export { Organizers, type StaffMember } from './organizers.js';

@Module({ providers: [Organizers], exports: [Organizers] })
export class OrganizersModule {}
