import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { DevicesModule } from '../devices/devices.module.js';
import { TicketsModule } from '../tickets/tickets.module.js';
import { GetManifestController } from './get-manifest/get-manifest.controller.js';
import { ManifestStore } from './get-manifest/manifest.store.js';
import { ListConflictsController } from './list-conflicts/list-conflicts.controller.js';
import { ReadConflicts } from './list-conflicts/read-conflicts.js';
import { UploadCheckinsController } from './upload-checkins/upload-checkins.controller.js';
import { UploadCheckinsHandler } from './upload-checkins/upload-checkins.js';
import { UploadStore } from './upload-checkins/upload.store.js';

/** Gates that judge by themselves where there is no network, and tell later (docs/offline-gates.md). */
@Module({
  imports: [CqrsModule, AuthorizationModule, DevicesModule, TicketsModule],
  controllers: [GetManifestController, UploadCheckinsController, ListConflictsController],
  providers: [ManifestStore, UploadCheckinsHandler, UploadStore, ReadConflicts],
})
export class OfflineGatesModule {}
