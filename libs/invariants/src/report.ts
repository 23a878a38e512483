import { INVARIANTS, NotChecked, type Finding, type InvariantId } from './invariant.js';

export interface Judgement {
  invariant: InvariantId;
  rule: string;
  state: 'holds' | 'broken' | 'not-checked';
  findings: readonly Finding[];
  /** Why it, or a part of it, could not be judged. */
  notChecked: readonly string[];
}

/** What was asked, what holds, what is broken and what could not be checked. */
export class Report {
  private readonly found: Finding[] = [];
  private readonly unchecked = new Map<InvariantId, Set<string>>();

  constructor(private readonly asked: readonly InvariantId[]) {}

  add(findings: readonly Finding[]): void {
    this.found.push(...findings.filter(({ invariant }) => this.asked.includes(invariant)));
  }

  /** A look that fails leaves these invariants unchecked. @returns what the look returned */
  async judge<T>(invariants: readonly InvariantId[], look: () => Promise<T>): Promise<T | undefined> {
    try {
      return await look();
    } catch (error) {
      for (const invariant of invariants)
        this.unchecked.set(invariant, (this.unchecked.get(invariant) ?? new Set()).add(reasonOf(error)));
      return undefined;
    }
  }

  get judgements(): Judgement[] {
    return this.asked.map((invariant) => {
      const findings = this.found.filter((finding) => finding.invariant === invariant);
      const notChecked = [...(this.unchecked.get(invariant) ?? [])];
      const state = findings.length > 0 ? 'broken' : notChecked.length > 0 ? 'not-checked' : 'holds';
      return { invariant, rule: INVARIANTS[invariant], state, findings, notChecked };
    });
  }

  /** 0: all hold; 1: something is broken; 2: something could not be checked. */
  get exitCode(): 0 | 1 | 2 {
    const states = this.judgements.map(({ state }) => state);
    if (states.includes('broken')) return 1;
    return states.includes('not-checked') || states.length === 0 ? 2 : 0;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof NotChecked) return error.message;
  const { message, code } = error as { message?: string; code?: string };
  return message || code || String(error);
}
