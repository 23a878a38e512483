import { follow } from './clock.mjs';

/**
 * The rules of `libs/grouping` in virtual time: what arrives for a key while `perKey` batches of it run is the next batch.
 * @param work a course that does a batch: (key, jobs) => generator
 */
export class Lanes {
  waiting = 0;
  batches = 0;
  #lanes = new Map();
  #ready = [];
  #running = 0;
  #scheduled = false;

  constructor(clock, work, { batchSize, parallel, perKey = 1, waiting, patience = Infinity }) {
    this.clock = clock;
    this.work = work;
    this.options = { batchSize, parallel, perKey, waiting, patience };
  }

  /** @returns what to wait for; it ends with `false` when too many wait already, or the first of them too long */
  submit(key, job) {
    return (resume) => {
      const { now } = this.clock;
      const [first] = this.#lanes.get(key)?.waiting ?? [];
      const isLate = first && now - first.since > this.options.patience;
      if (this.waiting >= this.options.waiting || isLate) return resume(false);
      this.waiting += 1;
      const lane = this.#laneOf(key);
      lane.waiting.push({ job, resume, since: now });
      if (!this.#line(lane) || this.#scheduled) return;
      this.#scheduled = true;
      this.clock.after(0, () => {
        this.#scheduled = false;
        this.#startReady();
      });
    };
  }

  #laneOf(key) {
    let lane = this.#lanes.get(key);
    if (!lane) this.#lanes.set(key, (lane = { key, waiting: [], running: 0, isReady: false }));
    return lane;
  }

  #line(lane) {
    if (lane.isReady || lane.waiting.length === 0 || lane.running >= this.options.perKey) return false;
    this.#ready.push(lane);
    return (lane.isReady = true);
  }

  #startReady() {
    while (this.#running < this.options.parallel && this.#ready.length > 0) {
      const lane = this.#ready.shift();
      const batch = lane.waiting.splice(0, this.options.batchSize);
      this.waiting -= batch.length;
      this.batches += 1;
      this.#running += 1;
      lane.running += 1;
      lane.isReady = false;
      this.#line(lane);
      const jobs = batch.map(({ job }) => job);
      follow(this.work(lane.key, jobs), (good = true) => {
        this.#running -= 1;
        lane.running -= 1;
        this.#line(lane);
        if (lane.running === 0 && lane.waiting.length === 0) this.#lanes.delete(lane.key);
        this.#startReady();
        for (const { resume } of batch) resume(good);
      });
    }
  }
}
