import { Controller, Header } from '@nestjs/common';
import { API_PREFIX, OpenGet } from '@app/http';
import { describeOpen } from '../documentation/describe-open.js';

@Controller()
export class WelcomeController {
  @OpenGet('/')
  @Header('cache-control', 'no-cache')
  @describeOpen('Where to go from here')
  welcome() {
    return { name: 'ticketing', api: API_PREFIX, documentation: '/docs', openapi: '/openapi.json', health: '/health' };
  }

  @OpenGet(API_PREFIX)
  @Header('cache-control', 'no-cache')
  @describeOpen('Where to begin in the API')
  index() {
    return {
      documentation: '/docs',
      openapi: '/openapi.json',
      events: `${API_PREFIX}/events`,
      health: `${API_PREFIX}/health`,
    };
  }
}
