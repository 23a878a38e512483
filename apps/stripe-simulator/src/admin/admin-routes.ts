import { Injectable } from '@nestjs/common';
import type { z } from 'zod';

interface Route {
  readonly method: 'DELETE' | 'GET' | 'POST' | 'PUT';
  /** May hold one `:id`. */
  readonly path: string;
  /** Of the JSON body; of the query where there is no body. */
  readonly input: z.ZodType;
  readonly run: (input: unknown, id: string) => object | Promise<object>;
}

/** A kind of misbehaviour that stays until it is told to end. */
interface Switch {
  /** What it is set to, for whoever asks. */
  readonly now: () => object;
  /** Good behaviour again. */
  readonly reset: () => void | Promise<void>;
}

/** What the admin API can do. Each feature says its own part, before the server opens. */
@Injectable()
export class AdminRoutes {
  readonly all: Route[] = [];
  readonly switches = new Map<string, Switch>();

  /** `run` gets what the schema has let through, and the path's `:id`. @throws Refusal or StripeError to answer 4xx */
  add<Input extends z.ZodType>(
    method: Route['method'],
    path: string,
    input: Input,
    run: (input: z.output<Input>, id: string) => object | Promise<object>,
  ): void {
    this.all.push({ method, path, input, run: run as Route['run'] });
  }

  /** Shown and reset together with the others. */
  addSwitch(name: string, settings: Switch): void {
    this.switches.set(name, settings);
  }
}
