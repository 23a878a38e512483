import { Controller, Header } from '@nestjs/common';
import { API_PREFIX, OpenGet } from '@app/http';
import { z } from 'zod';
import { describeOpen } from '../documentation/describe-open.js';

const Welcome = z.object({
  name: z.string(),
  api: z.string(),
  documentation: z.string(),
  openapi: z.string(),
  health: z.string(),
});
const Index = z.object({ documentation: z.string(), openapi: z.string(), events: z.string(), health: z.string() });

@Controller()
export class WelcomeController {
  @OpenGet('/')
  @Header('cache-control', 'no-cache')
  @describeOpen('Where to go from here', Welcome)
  welcome() {
    return { name: 'ticketing', api: API_PREFIX, documentation: '/docs', openapi: '/openapi.json', health: '/health' };
  }

  @OpenGet(API_PREFIX)
  @Header('cache-control', 'no-cache')
  @describeOpen('Where to begin in the API', Index)
  index() {
    return {
      documentation: '/docs',
      openapi: '/openapi.json',
      events: `${API_PREFIX}/events`,
      health: `${API_PREFIX}/health`,
    };
  }
}
