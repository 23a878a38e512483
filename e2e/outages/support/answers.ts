import type { Answer } from '../../support/client.js';

/** Milliseconds: the client of the database gives up after 15 s, the gateway after 30 s. */
const LONGEST = 30_500;

/** What a client heard, and whether it may be said during an outage. */
export class Answers {
  /** In words. */
  readonly wrong: string[] = [];
  /** Times that each kind of request was refused in the agreed way. */
  readonly refused = new Map<string, number>();
  private readonly right = new Map<string, number>();

  /** Asks once. @returns the answer if it is right, undefined if it is a good refusal or wrong */
  async note(
    kind: string,
    ask: () => Promise<Answer>,
    isRight: (answer: Answer) => boolean,
  ): Promise<Answer | undefined> {
    if (!this.right.has(kind)) this.right.set(kind, -Infinity);
    const since = performance.now();
    const answer = await ask().catch((error: unknown) => String((error as Error).cause ?? error));
    const took = performance.now() - since;
    if (took > LONGEST) this.wrong.push(`${kind}: took ${Math.round(took)} ms`);
    if (typeof answer === 'string') this.wrong.push(`${kind}: no answer: ${answer}`);
    else if (isGoodRefusal(answer)) this.refused.set(kind, (this.refused.get(kind) ?? 0) + 1);
    else if (!isRight(answer))
      this.wrong.push(`${kind}: ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 300)}`);
    else {
      this.right.set(kind, since);
      return answer;
    }
    return undefined;
  }

  /** The kinds that had no right answer to a question that was asked after `moment` (`performance.now()`). */
  missingSince(moment: number): string[] {
    return [...this.right].filter(([, at]) => at < moment).map(([kind]) => kind);
  }

  /** What was refused until now does not belong to what is looked at. */
  forgetRefusals(): void {
    this.refused.clear();
  }

  toString(): string {
    return JSON.stringify({ wrong: this.wrong.slice(0, 5), refused: Object.fromEntries(this.refused) });
  }

  get refusals(): number {
    return [...this.refused.values()].reduce((sum, count) => sum + count, 0);
  }
}

/** 503 as a problem document, with the seconds after which to come again. */
const isGoodRefusal = ({ status, headers, body }: Answer) =>
  status === 503 &&
  /^\d+$/.test(headers.get('retry-after') ?? '') &&
  (headers.get('content-type') ?? '').startsWith('application/problem+json') &&
  body?.code === 'service-unavailable';
