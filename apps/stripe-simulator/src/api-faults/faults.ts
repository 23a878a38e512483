import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AdminRoutes } from '../admin/admin-routes.js';
import { Refusal } from '../admin/refusal.js';
import { Fault, isFor } from './fault.js';

interface KnownFault {
  readonly id: string;
  readonly fault: Fault;
  /** How many calls it has met. */
  struck: number;
}

/** What calls of Stripe's API are to meet, oldest order first. */
@Injectable()
export class Faults {
  private known: KnownFault[] = [];
  private last = 0;

  constructor(@Inject(AdminRoutes) routes: AdminRoutes) {
    routes.add('POST', '/faults', Fault, (fault) => this.add(fault));
    routes.add('GET', '/faults', z.strictObject({}), () => this.told());
    routes.add('DELETE', '/faults/:id', z.strictObject({}), (_, id) => this.remove(id));
    routes.addSwitch('faults', { now: () => this.told(), reset: () => void (this.known = []) });
  }

  /** The fault that this call meets, which thereby counts as struck. */
  strike(call: { method: string; path: string }): Fault | undefined {
    const met = this.known.find(({ fault, struck }) => struck < (fault.times ?? Infinity) && isFor(fault, call));
    if (met) met.struck += 1;
    return met?.fault;
  }

  private add(fault: Fault): object {
    const added = { id: String((this.last += 1)), fault, struck: 0 };
    this.known.push(added);
    return tell(added);
  }

  /** @throws Refusal 404 */
  private remove(id: string): object {
    const removed = this.known.find((fault) => fault.id === id);
    if (!removed) throw new Refusal(404, `There is no fault '${id}'.`);
    this.known = this.known.filter((fault) => fault !== removed);
    return tell(removed);
  }

  private told(): object[] {
    return this.known.map(tell);
  }
}

const tell = ({ id, fault, struck }: KnownFault) => ({ id, ...fault, struck });
