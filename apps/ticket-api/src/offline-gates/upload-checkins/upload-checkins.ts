import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isApiKey, type Principal } from '@app/auth';
import { Database } from '@app/persistence';
import { v7 as uuidv7 } from 'uuid';
import { DeviceStore } from '../../devices/devices.module.js';
import { planUpload, type UploadPlan } from './plan-upload.js';
import type { ToldScan } from './scan-facts.js';
import { UploadStore } from './upload.store.js';

export class UploadCheckinsCommand extends Command<UploadPlan['outcomes']> {
  constructor(
    readonly tenantId: string,
    readonly eventId: string,
    readonly told: readonly ToldScan[],
    /** By the gate's clock, if it said. */
    readonly sentAt: number | undefined,
    readonly who: Principal,
  ) {
    super();
  }
}

/** A batch is one transaction: whoever gets no answer tells it again, and hears what became of it. */
@CommandHandler(UploadCheckinsCommand)
export class UploadCheckinsHandler implements ICommandHandler<UploadCheckinsCommand> {
  constructor(
    private readonly database: Database,
    private readonly store: UploadStore,
    private readonly devices: DeviceStore,
  ) {}

  execute({ tenantId, eventId, told, sentAt, who }: UploadCheckinsCommand): Promise<UploadPlan['outcomes']> {
    return this.database.asTenant(tenantId, async () => {
      const facts = await this.store.read(eventId, told);
      const plan = planUpload(told, { ...facts, sentAt }, uuidv7);
      await this.store.write(tenantId, eventId, plan, who);
      const clockDifferenceMs = sentAt === undefined ? null : Math.round(sentAt - facts.now);
      for (const id of devicesOf(told, facts.devices, who)) await this.devices.noteSync(id, { clockDifferenceMs });
      return plan.outcomes;
    });
  }
}

/** The one whose key it is; else, where somebody tells the scans of one registered device, that one. */
function devicesOf(told: readonly ToldScan[], known: readonly { id: string }[], who: Principal): string[] {
  if (isApiKey(who) && who.device) return [who.keyId];
  const ids = new Set(told.map(({ deviceId }) => deviceId));
  return ids.size === 1 ? known.map(({ id }) => id) : [];
}
