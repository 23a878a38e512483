import type { Dice } from '../engine/dice.js';
import type { Ending, Strike } from '../engine/tasks.js';
import type { World } from '../platform/world.js';
import type { Trace } from './trace.js';

/** How often a fault is laid for a task; many end before it would strike. */
const FAULTY = 0.2;
/** Awaits on peers that most tasks end within. */
const LONG = 14;

/** What all kinds of steps need: the world, chance, and somewhere to say what happened. */
export class Steps {
  /** Whether faults are laid. */
  isCalm = false;
  private readonly began: number;

  constructor(
    readonly world: World,
    readonly dice: Dice,
    readonly trace: Trace,
  ) {
    this.began = world.clock.now;
  }

  say(what: string): void {
    this.trace.add(this.world.clock.now - this.began, what);
  }

  /** Runs a task of a service to its end, to a call that is held back, or to the fault that strikes it. */
  async run<T>(what: string, work: () => Promise<T>, canFail = true): Promise<Ending<T>> {
    const strike = canFail ? this.strike() : undefined;
    const { task, ...ending } = await this.world.tasks.run(work, strike);
    const how = task.isStruck && strike ? ` (${strike.what} ${strike.side} await ${strike.at})` : '';
    this.say(`${what}: ${describe(ending)}${how}`);
    return ending as Ending<T>;
  }

  private strike(): Strike | undefined {
    if (this.isCalm || !this.dice.chance(FAULTY)) return undefined;
    const { dice } = this;
    return { at: dice.between(1, LONG), side: dice.pick(['before', 'after']), what: dice.pick(['cut', 'die']) };
  }
}

function describe(ending: Ending<unknown>): string {
  if (ending.kind !== 'failed') return ending.kind;
  const { code, message } = ending.error as { code?: string; message: string };
  return `failed, ${code ?? message.split('\n')[0]}`;
}
