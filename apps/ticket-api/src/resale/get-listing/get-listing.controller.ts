import { Controller, Param } from '@nestjs/common';
import { getResale, type Listing } from '@app/contracts';
import { Operation } from '@app/http';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { toListing } from '../listing-view.js';
import { ListingStore } from '../listing.store.js';

@Controller()
export class GetListingController {
  constructor(
    private readonly database: Database,
    private readonly listings: ListingStore,
  ) {}

  @Operation(getResale)
  async get(@Located() { tenantId }: Location, @Param('ticketId') ticketId: string): Promise<Listing> {
    const listing = await this.database.asTenant(tenantId, () => this.listings.latestOf(ticketId));
    if (!listing) throw notFound('The listing');
    return toListing(listing);
  }
}
