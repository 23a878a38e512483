import { Controller, Query } from '@nestjs/common';
import { Id, listDevices, type Device, type PageQuery } from '@app/contracts';
import { decodeCursor, encodeCursor, Operation } from '@app/http';
import { Database } from '@app/persistence';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { DeviceStore } from '../device.store.js';

@Controller()
export class ListDevicesController {
  constructor(
    private readonly database: Database,
    private readonly devices: DeviceStore,
  ) {}

  @Operation(listDevices)
  async list(
    @Located() { tenantId }: Location,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<{ data: Device[]; nextCursor: string | null }> {
    const before = decodeCursor(cursor, Id) ?? null;
    const found = await this.database.asTenant(tenantId, () => this.devices.page(before, limit + 1));
    const data = found.slice(0, limit);
    return { data, nextCursor: found.length > limit ? encodeCursor(data.at(-1)!.id) : null };
  }
}
