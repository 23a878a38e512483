import { Controller, Get } from '@nestjs/common';

/** It listens only once it can receive, and needs nobody else. */
@Controller('health')
export class HealthController {
  @Get(['', 'ready', 'live', 'startup'])
  ready(): { status: 'up'; checks: Record<string, never> } {
    return { status: 'up', checks: {} };
  }
}
