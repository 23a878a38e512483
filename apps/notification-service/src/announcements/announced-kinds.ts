import type { FindAudience } from '@app/contracts';

/** Kinds of mail that everybody at an event gets, and whom ticket-api is asked for. */
export const announcedKinds = {
  'event-changed': 'change',
  'event-cancelled': 'cancellation',
  'event-reminder': 'reminder',
} as const satisfies Record<string, FindAudience['about']>;

export type AnnouncedKind = keyof typeof announcedKinds;
