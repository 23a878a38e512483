/**
 * The life of a dispute. Pure. It only ever moves on in this order, steps may be left out, and the provider tells the same
 * thing in any order: what comes later than a further step is old news. `inquiry`: the bank asks, no money is taken.
 * `lost` may become `won` by an appeal.
 */
const STATUSES = ['inquiry', 'inquiry-closed', 'open', 'lost', 'won'] as const;
export type DisputeStatus = (typeof STATUSES)[number];

export interface DisputeState {
  status: DisputeStatus;
  /** Whether its money has left our balance. */
  withdrawn: boolean;
  /** Whether its money came back to our balance. */
  reinstated: boolean;
}

export interface DisputeStep {
  state: DisputeState;
  /** What the other services are told. */
  report: 'open' | 'lost' | 'won' | null;
  /** What the books do not have yet. */
  moved: { withdrawn: boolean; reinstated: boolean };
}

/** The next state, or null when the news change nothing. `known` is null when nothing was heard of the dispute before. */
export function advanceDispute(known: DisputeState | null, news: DisputeState): DisputeStep | null {
  const isFurther = !known || STATUSES.indexOf(news.status) > STATUSES.indexOf(known.status);
  const moved = {
    withdrawn: news.withdrawn && !known?.withdrawn,
    reinstated: news.reinstated && !known?.reinstated,
  };
  if (!isFurther && !moved.withdrawn && !moved.reinstated) return null;
  const { status } = isFurther ? news : known;
  return {
    state: {
      status,
      withdrawn: news.withdrawn || known?.withdrawn === true,
      reinstated: news.reinstated || known?.reinstated === true,
    },
    report: isFurther && (status === 'open' || status === 'lost' || status === 'won') ? status : null,
    moved,
  };
}
