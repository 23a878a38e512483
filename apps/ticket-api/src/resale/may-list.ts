/** Whether a ticket may be given back for resale. Pure. */
export interface ListingFacts {
  status: 'valid' | 'checked_in' | 'void' | 'frozen' | 'listed';
  /** The organizer allows it, and the ticket type is on sale until the event begins. */
  isOpen: boolean;
  /** Who asks holds it and has paid for it. */
  isPayers: boolean;
  /** It was paid for through us. */
  isPaid: boolean;
  /** Minor units that were paid for it, and that it costs now. */
  paid: number;
  price: number;
}

const UNUSABLE = {
  checked_in: 'ticket-checked-in',
  void: 'ticket-void',
  frozen: 'ticket-frozen',
  listed: 'ticket-listed',
} as const;

export type MayList =
  | { granted: true }
  | {
      granted: false;
      code:
        | ('ticket-transferred' | 'resale-closed' | 'not-resalable' | 'face-value')
        | (typeof UNUSABLE)[keyof typeof UNUSABLE];
    };

/** What was free or paid at the desk has no money to return. Nobody sells below what the seller is paid back. */
export function mayList({ status, isOpen, isPayers, isPaid, paid, price }: ListingFacts): MayList {
  if (!isPayers) return { granted: false, code: 'ticket-transferred' };
  if (status !== 'valid') return { granted: false, code: UNUSABLE[status] };
  if (!isOpen) return { granted: false, code: 'resale-closed' };
  if (!isPaid || paid === 0) return { granted: false, code: 'not-resalable' };
  return price < paid ? { granted: false, code: 'face-value' } : { granted: true };
}
