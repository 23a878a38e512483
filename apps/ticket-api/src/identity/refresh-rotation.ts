/** A refresh token as it is presented, with its family: what it was exchanged for and what else its parent was. */
export interface PresentedToken {
  expiresAt: Date;
  /** When it was exchanged for its first successor. */
  usedAt: Date | null;
  successors: number;
  /** One of its successors was exchanged in turn. */
  successorUsed: boolean;
  /** It came as the replacement of a lost answer, or was lost itself, and the other one was exchanged. */
  siblingUsed: boolean;
  sessionRevoked: boolean;
}

/** `refuse`: nothing happens. `revoke`: two parties hold the family, so nobody keeps it. */
export type Rotation = 'exchange' | 'replace-lost' | 'refuse' | 'revoke';

/** Seconds in which a client that got no answer may ask again. */
export const LOST_ANSWER_SECONDS = 10;

/**
 * Rotation with reuse detection (RFC 9700, 4.14.2). A token is exchanged once; whoever presents it again is either a client whose
 * answer was lost (shortly after, successor untouched: gets one sibling) or one of two parties that share a stolen token.
 */
export function rotate(token: PresentedToken, now: Date): Rotation {
  if (token.sessionRevoked || token.expiresAt <= now) return 'refuse';
  if (token.siblingUsed) return 'revoke';
  if (!token.usedAt) return 'exchange';
  const lost = now.getTime() - token.usedAt.getTime() < LOST_ANSWER_SECONDS * 1000;
  return lost && token.successors === 1 && !token.successorUsed ? 'replace-lost' : 'revoke';
}
