/** What an operating system gives each in turn, in seconds. */
const SLICE = 0.001;

/** The cores of a host, shared in slices. */
export class Cores {
  busy = 0;
  #waiting = [];
  #free;

  constructor(clock, count) {
    this.clock = clock;
    this.count = count;
    this.#free = count;
  }

  use(seconds) {
    return (resume) => {
      this.#waiting.push({ left: seconds, resume });
      this.#start();
    };
  }

  #start() {
    while (this.#free > 0 && this.#waiting.length > 0) {
      const job = this.#waiting.shift();
      const slice = Math.min(job.left, SLICE);
      this.#free -= 1;
      this.clock.after(slice, () => {
        this.busy += slice;
        this.#free += 1;
        job.left -= slice;
        if (job.left > 1e-12) this.#waiting.push(job);
        this.#start();
        if (job.left <= 1e-12) job.resume();
      });
    }
  }
}

/** One event loop: what it is asked to do, it does one after the other, on its host's cores. */
export class EventLoop {
  busy = 0;
  #waiting = [];
  #running = false;

  constructor(host) {
    this.host = host;
  }

  use(seconds) {
    return (resume) => {
      this.#waiting.push({ seconds, resume });
      this.#start();
    };
  }

  #start() {
    if (this.#running || this.#waiting.length === 0) return;
    const { seconds, resume } = this.#waiting.shift();
    this.#running = true;
    this.host.use(seconds)(() => {
      this.busy += seconds;
      this.#running = false;
      this.#start();
      resume();
    });
  }
}

/** A log on a disk: all who wait when a flush begins are on it (PostgreSQL's group commit). */
export class Log {
  busy = 0;
  #waiting = [];
  #flushing = false;

  constructor(clock, flushSeconds) {
    this.clock = clock;
    this.flushSeconds = flushSeconds;
  }

  flush() {
    return (resume) => {
      this.#waiting.push(resume);
      this.#start();
    };
  }

  #start() {
    if (this.#flushing || this.#waiting.length === 0) return;
    const covered = this.#waiting.splice(0);
    this.#flushing = true;
    this.clock.after(this.flushSeconds, () => {
      this.busy += this.flushSeconds;
      this.#flushing = false;
      this.#start();
      for (const resume of covered) resume();
    });
  }
}

/** A row that one transaction holds at a time; whoever waits gets it in turn, which costs the more the more wait. */
export class RowLock {
  #waiting = [];
  #since;
  #held = 0;

  /** @param handOver seconds until a waiter runs: { base, perWaiter } */
  constructor(clock, handOver) {
    this.clock = clock;
    this.handOver = handOver;
  }

  acquire() {
    return (resume) => {
      if (this.#since === undefined) this.#give(resume);
      else this.#waiting.push(resume);
    };
  }

  release() {
    this.#held = this.held;
    this.#since = undefined;
    const next = this.#waiting.shift();
    if (!next) return;
    const { base, perWaiter } = this.handOver;
    this.#since = this.clock.now;
    this.clock.after(base + perWaiter * (this.#waiting.length + 1), next);
  }

  /** Seconds so far in which it was held. */
  get held() {
    return this.#held + (this.#since === undefined ? 0 : this.clock.now - this.#since);
  }

  #give(resume) {
    this.#since = this.clock.now;
    resume();
  }
}
