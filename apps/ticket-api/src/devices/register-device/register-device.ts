import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { apiKeyHash, newApiKey } from '@app/auth';
import type { Device, RegisterDevice } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { v7 as uuidv7 } from 'uuid';
import { ApiKeyStore, SealedKeys } from '../../api-keys/api-keys.module.js';
import { AuditLog } from '../../audit-log/audit-log.module.js';
import { DeviceStore } from '../device.store.js';

/** Devices of one organization that count at the same time: the doors of a stadium. */
export const LIVE_DEVICES = 500;

/** The answer as it is recorded: with the key sealed. */
export interface SealedDevice {
  view: Device;
  sealed: string;
}

export class RegisterDeviceCommand extends Command<SealedDevice> {
  constructor(
    readonly tenantId: string,
    readonly userId: string,
    readonly given: RegisterDevice,
  ) {
    super();
  }
}

/** A device is a key with the one scope that a gate needs. */
@CommandHandler(RegisterDeviceCommand)
export class RegisterDeviceHandler implements ICommandHandler<RegisterDeviceCommand> {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyStore,
    private readonly devices: DeviceStore,
    private readonly sealedKeys: SealedKeys,
    private readonly audit: AuditLog,
  ) {}

  /** @throws ProblemError `too-many-devices`; `validation-failed` for an event of nobody here. */
  execute({ tenantId, userId, given }: RegisterDeviceCommand): Promise<SealedDevice> {
    return this.database.asTenant(tenantId, async () => {
      if ((await this.devices.countLive(tenantId)) >= LIVE_DEVICES) throw new ProblemError('too-many-devices');
      const [id, key] = [uuidv7(), newApiKey()];
      const { name, eventId, gate } = given;
      const facts = { name, scopes: ['checkin' as const], id, hash: apiKeyHash(key), last4: key.slice(-4) };
      await this.keys.add(tenantId, { ...facts, createdBy: userId });
      const view = await this.devices.add(tenantId, { id, eventId, gate });
      if (!view) throw noSuchEvent();
      const detail = { eventId: eventId ?? null };
      await this.audit.record({ action: 'device.registered', target: { kind: 'device', id }, detail });
      return { view, sealed: this.sealedKeys.seal(id, key) };
    });
  }
}

const noSuchEvent = () =>
  new ProblemError('validation-failed', undefined, {
    errors: [{ path: 'eventId', message: 'is no event of this organization' }],
  });
