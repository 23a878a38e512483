/** Messages by queue; queues where none wait are not named. */
export type Counts = Readonly<Record<string, number>>;

/** What lies at the broker at this moment. */
export interface Backlog {
  /** On their way to a service, retries included. */
  waiting: Counts;
  /** What no further try would have helped, or no queue was bound for. */
  dead: Counts;
}
