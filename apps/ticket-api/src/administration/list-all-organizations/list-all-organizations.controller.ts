import { Controller, Query } from '@nestjs/common';
import { listAllOrganizations, type AdministeredOrganization, type ListAllOrganizations } from '@app/contracts';
import { decodeCursor, encodeCursor, Operation } from '@app/http';
import { z } from 'zod';
import { AdministrationStore } from '../administration.store.js';

@Controller()
export class ListAllOrganizationsController {
  constructor(private readonly organizations: AdministrationStore) {}

  @Operation(listAllOrganizations)
  async list(
    @Query() { cursor, ...query }: ListAllOrganizations,
  ): Promise<{ data: AdministeredOrganization[]; nextCursor: string | null }> {
    const found = await this.organizations.list(query, decodeCursor(cursor, z.uuid()) ?? null);
    const data = found.slice(0, query.limit);
    return { data, nextCursor: found.length > query.limit ? encodeCursor(data.at(-1)!.id) : null };
  }
}
