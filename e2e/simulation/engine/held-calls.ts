import type { Dice } from './dice.js';
import { currentTask, type Task } from './tasks.js';

/** A call of a peer (the provider, the mail server) whose caller waits. */
export interface HeldCall {
  readonly name: string;
  /** Goes on: `execute` lets the peer do it, `answer` lets the caller hear of it. */
  readonly go: (how: { execute: boolean; answer: boolean }) => void;
}

/** How often a call is held back, and how often its answer is lost though nothing strikes its task. */
const HELD = 0.3;

/** Calls to peers outside of the platform. A caller may be kept waiting while other things happen, and may never hear. */
export class HeldCalls {
  readonly held: HeldCall[] = [];
  /** Whether calls are answered at once, all of them. */
  isCalm = true;
  dice: Dice | undefined;

  /** @param call what the peer does. @param lost what the caller meets when no answer comes */
  async pass<Answer>(name: string, call: () => Answer, lost: () => Error): Promise<Answer> {
    const task = currentTask();
    if (task?.isDead) throw lost();
    const strike = task?.next();
    if (strike) {
      if (strike.side === 'after') call();
      if (strike.what === 'die') task!.isDead = true;
      throw lost();
    }
    if (this.isCalm || !this.dice?.chance(HELD)) return call();
    return this.hold(name, call, lost, task);
  }

  private hold<Answer>(name: string, call: () => Answer, lost: () => Error, task: Task | undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const held: HeldCall = {
        name,
        go: ({ execute, answer }) => {
          this.held.splice(this.held.indexOf(held), 1);
          try {
            const done = execute && !task?.isDead ? call() : undefined;
            if (answer && execute && !task?.isDead) resolve(done as Answer);
            else reject(lost());
          } catch (error) {
            reject(error as Error);
          }
        },
      };
      this.held.push(held);
      // The order of calls that begin together is that of their names, not of rows.
      this.held.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    });
  }
}
