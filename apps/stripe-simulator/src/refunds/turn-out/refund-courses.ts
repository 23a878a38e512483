import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AdminRoutes } from '../../admin/admin-routes.js';
import { FAILURE_REASONS } from '../refund.js';
import type { RefundCourse } from '../refund.store.js';

/** How refunds go that are yet to be made. Without it they succeed at once and for good. */
const RefundOrder = z
  .strictObject({
    /** So many refunds, and then no more; without it, every one. */
    times: z.int().min(1).optional(),
    begins: z.enum(['pending', 'succeeded']),
    ends: z.enum(['failed', 'succeeded']),
    /** Whole seconds from the one to the other. */
    afterSeconds: z
      .int()
      .min(0)
      .max(30 * 24 * 3600)
      .default(1),
    failureReason: z.enum(FAILURE_REASONS).default('unknown'),
  })
  .refine(({ begins, ends }) => begins !== ends, 'A refund that begins as it ends is well-behaved: reset instead.');
type RefundOrder = z.infer<typeof RefundOrder>;

const GOOD: RefundCourse = { status: 'succeeded', turn: null, after: 0 };

/** Decides how a refund will go when it is made. A course is kept with the refund and outlives this order. */
@Injectable()
export class RefundCourses {
  private order: RefundOrder | undefined;
  private given = 0;

  constructor(@Inject(AdminRoutes) routes: AdminRoutes) {
    routes.add('PUT', '/refunds', RefundOrder, (order) => this.obey(order));
    routes.addSwitch('refunds', { now: () => this.now(), reset: () => void this.obey(undefined) });
  }

  /** Of one refund more. */
  next(): RefundCourse {
    const { order } = this;
    if (!order || this.given >= (order.times ?? Infinity)) return GOOD;
    this.given += 1;
    const { begins: status, ends, failureReason: failure_reason, afterSeconds: after } = order;
    return { status, after, turn: ends === 'failed' ? { status: ends, failure_reason } : { status: ends } };
  }

  private obey(order: RefundOrder | undefined): object {
    this.order = order;
    this.given = 0;
    return this.now();
  }

  private now(): object {
    return this.order ? { ...this.order, given: this.given } : {};
  }
}
