/**
 * Seconds before each further try of a failed message. Outages follow one another here, so there are more tries than
 * usual and none is far away: what dies all the same is a finding.
 */
export const RETRY_DELAYS = [0.5, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
