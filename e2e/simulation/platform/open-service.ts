import type { Consumer } from '@app/contracts';
import { ServiceModule, type ServiceConfig } from '@app/http';
import { Messaging, messageStrategy, TRANSPORT } from '@app/messaging';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { Bus } from './bus.js';

/** What stands in for a part of a service: by its token. */
export type StandIn = readonly [token: Type | symbol | string, instead: object];

/** A service under simulation: its real modules, of which nothing moves by itself. */
export class SimulatedService {
  private constructor(private readonly app: INestApplication) {}

  /** On the bus, without listening for HTTP, and with no timer: relay passes and looks are steps of the history. */
  static async open(
    name: Consumer,
    given: { module: DynamicModule; config: ServiceConfig; bus: Bus; standIns?: readonly StandIn[] },
  ): Promise<SimulatedService> {
    const { module, config, bus, standIns = [] } = given;
    const builder = Test.createTestingModule({ imports: [ServiceModule.around(name, config, module)] });
    const all: StandIn[] = [
      [TRANSPORT, bus.transportOf(name)],
      [Messaging, {}],
      ['SCHEDULE_MODULE_OPTIONS', { cronJobs: false, intervals: false, timeouts: false }],
      ...standIns,
    ];
    for (const [token, instead] of all) builder.overrideProvider(token).useValue(instead);
    const testing = await builder.compile();
    const app = testing.createNestApplication(new FastifyAdapter(), { logger: false });
    app.connectMicroservice({ strategy: messageStrategy(app) });
    await app.startAllMicroservices();
    await app.init();
    return new SimulatedService(app);
  }

  get<Part>(part: Type<Part>): Part {
    return this.app.get(part, { strict: false });
  }

  close(): Promise<void> {
    return this.app.close();
  }
}
