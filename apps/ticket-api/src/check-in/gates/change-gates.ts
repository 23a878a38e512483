import { Injectable } from '@nestjs/common';
import type { CreateGate, Gate, UpdateGate } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { v7 as uuid } from 'uuid';
import { AuditLog, changesBetween } from '../../audit-log/audit-log.module.js';
import { GateStore } from './gate.store.js';

/** They are read with every scan. */
const MOST = 100;

/** Gates are named, renamed and removed by organizers, one change of an event after the other. */
@Injectable()
export class ChangeGates {
  constructor(
    private readonly database: Database,
    private readonly gates: GateStore,
    private readonly audit: AuditLog,
  ) {}

  /** @throws ProblemError `gate-name-taken`, `too-many-gates`, `validation-failed` for a type that is not the event's */
  create(tenantId: string, eventId: string, { name, ticketTypeIds }: CreateGate): Promise<Gate> {
    return this.ofEvent(tenantId, eventId, async () => {
      if ((await this.gates.count(eventId)) >= MOST)
        throw new ProblemError('too-many-gates', `An event has at most ${MOST} gates.`);
      const fields = { name, ticketTypeIds: await this.typesOf(eventId, ticketTypeIds) };
      const id = uuid();
      await this.gates.insert(id, eventId, fields);
      await this.audit.record({ action: 'gate.created', target: { kind: 'gate', id }, detail: { eventId, ...fields } });
      return this.gates.read(eventId, id);
    });
  }

  /** What is left out stays. @throws ProblemError as above, and 404 */
  update(tenantId: string, eventId: string, gateId: string, given: UpdateGate): Promise<Gate> {
    return this.ofEvent(tenantId, eventId, async () => {
      const { name, ticketTypeIds } = await this.gates.read(eventId, gateId);
      const before = { name, ticketTypeIds };
      const after = {
        name: given.name ?? name,
        ticketTypeIds: given.ticketTypeIds ? await this.typesOf(eventId, given.ticketTypeIds) : ticketTypeIds,
      };
      await this.gates.update(eventId, gateId, after);
      const detail = { eventId, ...changesBetween(before, after) };
      await this.audit.record({ action: 'gate.updated', target: { kind: 'gate', id: gateId }, detail });
      return this.gates.read(eventId, gateId);
    });
  }

  /** @throws 404 */
  remove(tenantId: string, eventId: string, gateId: string): Promise<void> {
    return this.ofEvent(tenantId, eventId, async () => {
      const { name } = await this.gates.read(eventId, gateId);
      await this.gates.delete(eventId, gateId);
      await this.audit.record({
        action: 'gate.removed',
        target: { kind: 'gate', id: gateId },
        detail: { eventId, name },
      });
    });
  }

  private ofEvent<T>(tenantId: string, eventId: string, work: () => Promise<T>): Promise<T> {
    return this.database.asTenant(tenantId, async () => {
      await this.gates.lockEvent(eventId);
      return work();
    });
  }

  private async typesOf(eventId: string, ticketTypeIds: readonly string[]): Promise<string[]> {
    const wanted = [...new Set(ticketTypeIds)];
    const [unknown] = await this.gates.unknownTypes(eventId, wanted);
    if (unknown === undefined) return wanted;
    const path = `ticketTypeIds.${ticketTypeIds.indexOf(unknown)}`;
    throw new ProblemError('validation-failed', undefined, {
      errors: [{ path, message: 'is no ticket type of this event' }],
    });
  }
}
