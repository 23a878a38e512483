import { Dice } from '../engine/dice.js';
import type { World } from '../platform/world.js';
import { Bank } from './bank.js';
import { Clients } from './clients.js';
import { Machinery } from './machinery.js';
import { notAtRest } from './rest.js';
import { setStage, type Stage } from './stage.js';
import { Steps } from './steps.js';
import { Trace } from './trace.js';

export interface Told {
  seed: string;
  tenantId: string;
  trace: readonly string[];
  /** What is wrong at its end; the invariants are asked of many histories together. */
  wrong: string[];
}

const STEPS = { least: 40, most: 90 };
/** Rounds in which everything has to come to rest. */
const ROUNDS = 40;
const SECOND = 1000;

/** One event's sale, from its seed: what people, banks, time and faults do in which order. */
export class History {
  private constructor(
    private readonly steps: Steps,
    private readonly stage: Stage,
    private readonly clients: Clients,
    private readonly bank: Bank,
    private readonly machinery: Machinery,
  ) {}

  static async run(world: World, seed: string): Promise<Told> {
    const dice = new Dice(seed);
    const trace = new Trace();
    const steps = new Steps(world, dice, trace);
    world.bus.dice = world.calls.dice = dice;
    // The process's clocks are wrong; the database's is not.
    world.clock.skew = dice.between(-50, 50) * SECOND;
    const stage = await setStage(world, dice);
    const bank = new Bank(steps);
    const history = new History(steps, stage, new Clients(steps, stage), bank, new Machinery(steps, bank));
    const wrong: string[] = [];
    try {
      await history.live();
      wrong.push(...(await history.rest()));
    } catch (error) {
      wrong.push((error as Error).stack ?? String(error));
    }
    return { seed, tenantId: stage.tenantId, trace: trace.lines, wrong };
  }

  private async live(): Promise<void> {
    const { steps, clients, bank, machinery } = this;
    steps.world.calls.isCalm = false;
    for (let left = steps.dice.between(STEPS.least, STEPS.most); left > 0; left -= 1) {
      const step = steps.dice.weighted<() => void | Promise<void>>([
        [() => clients.order(), 8],
        [() => clients.checkout(), 8],
        [() => clients.requests.repeat(), 4],
        [() => clients.cancel(), 1.5],
        [() => clients.refund(), 4],
        [() => clients.desk(), 1],
        [() => clients.enter(), 2],
        [() => clients.cancelEvent(), 0.4],
        [() => bank.pay(), 9],
        [() => bank.settle(), 2],
        [() => bank.mood(), 1],
        [() => bank.turn(), 2],
        [() => bank.refundByHand(), 1.5],
        [() => bank.dispute(), 1.5],
        [() => machinery.relay(), 12],
        [() => machinery.deliver(), 18],
        [() => machinery.webhook(), 9],
        [() => machinery.timer(), 10],
        [() => machinery.goOn(), 6],
        [() => this.wait(), 8],
      ]);
      await step();
    }
  }

  private wait(): void {
    const { dice, world } = this.steps;
    const milliseconds = dice.weighted<() => number>([
      [() => dice.between(1, 3_000), 6],
      [() => dice.between(5, 60) * SECOND, 3],
      [() => dice.between(300, 930) * SECOND, 1.5],
      [() => dice.between(1, 48) * 3600 * SECOND, 0.1],
    ])();
    world.clock.advance(milliseconds);
  }

  /** No faults any more: whatever is on its way arrives, and time passes until nothing is left to do. */
  private async rest(): Promise<string[]> {
    const { steps, clients, bank, machinery } = this;
    const { world } = steps;
    steps.isCalm = world.calls.isCalm = true;
    steps.say('-- no more faults --');
    for (let round = 1; round <= ROUNDS; round += 1) {
      while (world.calls.held.length > 0) await machinery.goOn();
      for (let tries = clients.requests.unanswered.length; tries > 0; tries -= 1) await clients.requests.repeat();
      bank.finish();
      await machinery.relayAll();
      await this.deliverAll();
      machinery.collectWebhooks();
      while (machinery.webhooks.length > 0) await machinery.webhook();
      await machinery.allTimers();
      const left = [...this.waiting(), ...(await notAtRest(world, this.stage.tenantId))];
      if (left.length === 0) return this.judge();
      if (round === ROUNDS) return [`No rest after ${ROUNDS} rounds: ${left.join(', ')}`];
      world.clock.advance(round < 4 ? 5 * SECOND : 300 * SECOND);
    }
    return [];
  }

  private async deliverAll(): Promise<void> {
    const { world } = this.steps;
    const isDue = () => world.bus.queued.some(({ notBefore }) => notBefore <= world.clock.now);
    for (let most = 500; isDue() && most > 0; most -= 1) await this.machinery.deliver();
  }

  private waiting(): string[] {
    const { world } = this.steps;
    const counts = {
      'requests without an answer': this.clients.requests.unanswered.length,
      'messages in queues': world.bus.queued.length,
      'calls that are held back': world.calls.held.length,
      'tasks that wait': world.tasks.waiting,
      'events at the provider': world.provider.events.length,
    };
    return Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []));
  }

  private async judge(): Promise<string[]> {
    const { world } = this.steps;
    const dead = world.bus.dead.splice(0).map(({ envelope }) => `a dead letter: ${JSON.stringify(envelope)}`);
    return [...dead, ...(await this.clients.record.untrue(world, this.stage.tenantId))];
  }
}
