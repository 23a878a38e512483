import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE = 60_000;
const POLL = 100;

/** A server program of this run's own: killed as by a power cut and started again on the same data, as often as wished. */
export class OwnServer {
  /** @param answers resolves once the server serves */
  constructor({ program, args, env, logFile, answers }) {
    Object.assign(this, { program, args, env, logFile, answers });
  }

  /** @throws when the program is not there, or does not serve in time */
  async start() {
    const log = openSync(this.logFile, 'a');
    // A process group of its own: Ctrl-C is for us, and what it starts goes with it.
    this.child = spawn(this.program, this.args, { env: this.env, stdio: ['ignore', log, log], detached: true });
    let failure;
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => resolve((failure = error.message)));
      this.child.once('exit', (code, signal) => resolve((failure = `it ended with ${code ?? signal}`)));
    });
    for (const end = Date.now() + PATIENCE; ; await sleep(POLL)) {
      if (failure) throw new Error(`${this.program} does not start: ${failure}; see ${this.logFile}`);
      if (await this.answers().catch(() => false)) return;
      if (Date.now() > end) throw new Error(`${this.program} does not answer; see ${this.logFile}`);
    }
  }

  async kill() {
    if (this.child?.pid === undefined) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
    await this.ended;
  }
}
