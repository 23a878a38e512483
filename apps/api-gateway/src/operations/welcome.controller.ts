import { Controller } from '@nestjs/common';
import { OpenGet } from '@app/http';
import { describeOpen } from '../documentation/describe-open.js';

@Controller()
export class WelcomeController {
  @OpenGet('/')
  @describeOpen('Where to go from here')
  welcome() {
    return { name: 'ticketing', api: '/api/v1', documentation: '/docs', openapi: '/openapi.json', health: '/health' };
  }
}
