import { Module } from '@nestjs/common';
import { IdempotencyModule } from '@app/idempotency';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { AuditLogModule } from '../audit-log/audit-log.module.js';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { DeviceStore } from './device.store.js';
import { ListDevicesController } from './list-devices/list-devices.controller.js';
import { RegisterDeviceController } from './register-device/register-device.controller.js';
import { RegisterDeviceHandler } from './register-device/register-device.js';
import { RevokeDeviceController } from './revoke-device/revoke-device.controller.js';

/** Handhelds that scan at the gates of an organization. */
@Module({
  imports: [ApiKeysModule, AuthorizationModule, AuditLogModule, IdempotencyModule],
  controllers: [RegisterDeviceController, ListDevicesController, RevokeDeviceController],
  providers: [RegisterDeviceHandler, DeviceStore],
  exports: [DeviceStore],
})
export class DevicesModule {}

export { DeviceStore } from './device.store.js';
