export interface ToldTime {
  /** By the gate's clock, milliseconds since 1970 as all here. */
  scannedAt: number;
  /** The same clock when the gate sent its scans, if it said. */
  sentAt: number | undefined;
  /** When they came, by the database's clock. */
  now: number;
  /** Before this nobody could have gone in: the ticket was not sold yet. */
  notBefore: number;
}

/** Milliseconds that a request may have been on its way: a clock that is no more behind than that is taken as right. */
const ON_ITS_WAY = 5_000;

/**
 * When a scan was made, by the platform's clock: what the gate's clock was off is taken out, if the gate told. A time that
 * cannot be, later than now or earlier than the ticket, says nothing: the scan counts from when it was told, so that no
 * wrong clock wins over a right one.
 */
export function timeOfScan({ scannedAt, sentAt, now, notBefore }: ToldTime): number {
  const behind = sentAt === undefined ? 0 : now - sentAt;
  const at = scannedAt + (behind >= 0 && behind <= ON_ITS_WAY ? 0 : behind);
  return at > now || at < notBefore ? now : at;
}
