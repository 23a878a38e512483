import { Controller, Param } from '@nestjs/common';
import { getTicketKeys, type TicketKeys } from '@app/contracts';
import { Operation } from '@app/http';
import { Database } from '@app/persistence';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { CodeGenerationsStore } from '../code-generations.store.js';
import { TicketCodes } from '../ticket-codes.js';

@Controller()
export class GetTicketKeysController {
  constructor(
    private readonly database: Database,
    private readonly generations: CodeGenerationsStore,
    private readonly codes: TicketCodes,
  ) {}

  @Operation(getTicketKeys)
  async get(@Located() { tenantId }: Location, @Param('eventId') eventId: string): Promise<TicketKeys> {
    const generations = await this.database.asTenant(tenantId, () => this.generations.of(eventId));
    return { eventId, keys: await this.codes.publicKeys(eventId, generations) };
  }
}
