/** Virtual time in seconds. What is due at the same moment happens in the order in which it was asked for. */
export class Clock {
  now = 0;
  #asked = 0;
  #heap = [];

  after(seconds, action) {
    const entry = { at: this.now + seconds, turn: this.#asked++, action };
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (isBefore(heap[parent], entry)) break;
      heap[index] = heap[parent];
      index = parent;
    }
    heap[index] = entry;
  }

  /** Lets time pass until `end`, or until nothing is left to happen. */
  runUntil(end) {
    while (this.#heap.length > 0 && this.#heap[0].at <= end) {
      const { at, action } = this.#next();
      this.now = at;
      action();
    }
    this.now = Math.max(this.now, end);
  }

  #next() {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child += 1;
      if (isBefore(last, heap[child])) break;
      heap[index] = heap[child];
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

const isBefore = (one, other) => one.at < other.at || (one.at === other.at && one.turn < other.turn);

/**
 * Runs a course of steps: a generator that yields what it waits for, as functions that are given what to call when it
 * is there.
 */
export function follow(course, ended = () => undefined) {
  const step = (value) => {
    const { value: wait, done } = course.next(value);
    if (done) ended(wait);
    else wait(step);
  };
  step();
}

export const pause = (clock, seconds) => (resume) => clock.after(seconds, resume);
