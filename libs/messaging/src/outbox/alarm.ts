/** Sleep that ends early when the alarm rings; a ring during work makes the next sleep end at once. */
export class Alarm {
  private rung = false;
  private ended = false;
  private wake: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  /** No more sleep, not even a deaf one. */
  end(): void {
    this.ended = true;
    this.wake?.();
  }

  /** `deaf` sleeps through rings, which end the next sleep, but not through the end. */
  async sleep(milliseconds: number, how?: 'deaf'): Promise<void> {
    if (!this.ended && (how === 'deaf' || !this.rung)) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.wake = () => {
          if (how === 'deaf' && !this.ended) return;
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = undefined;
    }
    if (how !== 'deaf') this.rung = false;
  }
}
