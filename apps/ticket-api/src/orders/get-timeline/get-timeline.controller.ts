import { Controller, Param } from '@nestjs/common';
import { getTimeline, type Timeline } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { ReadTimeline } from './read-timeline.js';
import { toStep } from './timeline-view.js';

@Controller()
export class GetTimelineController {
  constructor(private readonly timeline: ReadTimeline) {}

  @Operation(getTimeline)
  async get(@Located() where: Location, @Param('orderId') orderId: string): Promise<Timeline> {
    const steps = await this.timeline.of(where.tenantId, orderId);
    return { data: steps.map((step) => toStep(step, where)) };
  }
}
