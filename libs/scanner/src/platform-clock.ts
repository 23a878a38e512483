/** One measurement of the platform's clock, in milliseconds. */
interface Measured {
  /** That the platform is ahead of this device, within half of the round trip. */
  ahead: number;
  roundTrip: number;
}

/** What two clocks may drift apart: 50 ms in 1,000 s, which is more than quartz does. */
const DRIFT = 5e-5;

/** The platform's clock, as far as this device can know it: its own may be set wrong by hours. */
export class PlatformClock {
  private best: Measured & { at: number };

  constructor(
    private readonly device: () => number = Date.now,
    ahead = 0,
  ) {
    this.best = { ahead, roundTrip: Infinity, at: device() };
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.device() + this.best.ahead;
  }

  /** Milliseconds that the platform is ahead of this device. */
  get difference(): number {
    return this.best.ahead;
  }

  /**
   * Learns from an answer that tells the platform's time. Half of the round trip is taken as its way back, as NTP does
   * (RFC 5905, section 8): the shorter, the better. A measurement that the best one so far cannot be squared with tells
   * that the device's clock was set since.
   */
  async learn<Answer>(ask: () => Promise<Answer>, timeOf: (answer: Answer) => string): Promise<Answer> {
    const asked = this.device();
    const answer = await ask();
    const at = this.device();
    const measured = { ahead: Date.parse(timeOf(answer)) - (asked + at) / 2, roundTrip: at - asked, at };
    const known = this.best.roundTrip + Math.abs(at - this.best.at) * DRIFT * 2;
    const isApart = Math.abs(measured.ahead - this.best.ahead) > (measured.roundTrip + known) / 2 + 1;
    if (isApart || measured.roundTrip <= known) this.best = measured;
    return answer;
  }
}
