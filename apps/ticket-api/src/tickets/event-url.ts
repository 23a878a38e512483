import { API_PREFIX } from '@app/http';

/** Where anybody reads of an event what its organizer says, as it is now. */
export const eventUrl = (publicUrl: string, eventId: string): string => `${publicUrl}${API_PREFIX}/events/${eventId}`;
