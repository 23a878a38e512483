import type { Operation } from '@app/contracts';

/** Addresses in mails. Until there are pages of our own, a person acts on the page that documents the API. */
export interface Links {
  /** Where a person can make this call in the browser. */
  documentation(operation: Operation): string;
}

/** @param base the gateway's public address, without a slash at its end. */
export const linksUnder = (base: string): Links => ({
  documentation: ({ tag, id }) => `${base}/docs#/${tag}/${id}`,
});
