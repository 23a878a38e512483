import { unsubscribe, type Operation } from '@app/contracts';
import { API_PREFIX } from '@app/http';

/** Addresses in mails. Until there are pages of our own, a person acts on the page that documents the API. */
export interface Links {
  /** Where a person can make this call in the browser. */
  documentation(operation: Operation): string;
  /** The page with the button, and the address of the one click. */
  unsubscribe(token: string): string;
  /** A map that anybody may look at without an account. */
  map(place: string): string;
}

/** @param base the gateway's public address, without a slash at its end. */
export const linksUnder = (base: string): Links => ({
  documentation: ({ tag, id }) => `${base}/docs#/${tag}/${id}`,
  unsubscribe: (token) => `${base}${API_PREFIX}${unsubscribe.path}?token=${encodeURIComponent(token)}`,
  map: (place) => `https://www.openstreetmap.org/search?query=${encodeURIComponent(place)}`,
});
