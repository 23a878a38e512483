/**
 * Every problem code a client may meet, with its HTTP status (RFC 9457 problem details).
 * Codes are stable; titles and details are for people and may change. `detail` is said where the case has none of its own.
 */
export const problems = {
  'malformed-body': { status: 400, title: 'The body cannot be read', detail: 'Send one JSON document in UTF-8.' },
  'bad-signature': {
    status: 400,
    title: 'The signature does not fit',
    detail: "The body was not signed with the webhook's secret, or too long ago.",
  },
  unauthenticated: {
    status: 401,
    title: 'Sign in first',
    detail: 'Send an access token as `Authorization: Bearer …`, or sign in for a session cookie.',
  },
  'invalid-credentials': {
    status: 401,
    title: 'E-mail or password is wrong',
    detail: 'Check the e-mail and the password, or create an account.',
  },
  'second-factor-required': {
    status: 401,
    title: 'A code is needed too',
    detail: 'Send `code` beside the password: six digits of your authenticator, or a recovery code.',
  },
  'invalid-second-factor': {
    status: 401,
    title: 'The code is wrong, or was used',
    detail: 'Wait for the next code of your authenticator, or take another recovery code.',
  },
  forbidden: { status: 403, title: 'Not allowed', detail: 'Your role does not allow this call.' },
  'wrong-password': {
    status: 403,
    title: 'The password is wrong',
    detail: 'Send your present password; if you forgot it, have a token mailed for a new one.',
  },
  'organization-suspended': {
    status: 403,
    title: 'The organization is suspended',
    detail: 'Its people may read, admit, refund and cancel events, and change nothing else; ask the platform why.',
  },
  'wrong-code': {
    status: 403,
    title: 'The code is wrong, or was used',
    detail: 'Send the present code of your authenticator.',
  },
  'cross-site-request': {
    status: 403,
    title: 'The request came from another site',
    detail: 'A write by cookie must come from a page of this site.',
  },
  'email-not-verified': {
    status: 403,
    title: 'Verify your e-mail first',
    detail:
      'Send the token of the mail that you got to `POST /auth/verify-email`; `POST /auth/verify-email/resend` mails another.',
  },
  'not-found': { status: 404, title: 'Not found', detail: 'Nothing is at this address that you may see.' },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    detail: 'The `Allow` header names the methods that this address takes.',
  },
  'second-factor-active': {
    status: 409,
    title: 'There is a second factor',
    detail: 'Remove the present one first.',
  },
  'identity-email-differs': {
    status: 409,
    title: 'The e-mails are not the same',
    detail: 'The token has to tell an e-mail that its issuer has verified, and it has to be that of your account.',
  },
  'identity-taken': {
    status: 409,
    title: 'This identity has an account',
    detail: 'It has bought, holds tickets or has a role here as another account, or is linked to one.',
  },
  'last-identity': {
    status: 409,
    title: 'There is no other way in',
    detail: 'This account is entered with this identity alone; to leave, erase the account.',
  },
  'email-taken': { status: 409, title: 'This e-mail has an account', detail: 'Sign in, or use another e-mail.' },
  'slug-taken': { status: 409, title: 'This slug is taken', detail: 'Choose another slug.' },
  'already-member': {
    status: 409,
    title: 'Already a member',
    detail: 'This person belongs to the organization already.',
  },
  'invitation-ended': { status: 409, title: 'This invitation has ended', detail: 'Ask for a new invitation.' },
  'last-owner': { status: 409, title: 'An organization needs an owner', detail: 'Make another member an owner first.' },
  'too-many-api-keys': {
    status: 409,
    title: 'The organization has as many keys as it may',
    detail: 'Revoke a key that nothing uses any more.',
  },
  'invalid-token': {
    status: 409,
    title: 'This token does not exist, was used, or has ended',
    detail: 'Ask for a new one.',
  },
  'sold-out': { status: 409, title: 'Sold out', detail: 'Fewer tickets are left than you asked for.' },
  'sales-closed': { status: 409, title: 'Not on sale', detail: 'Sales have not begun or are over.' },
  'limit-exceeded': { status: 409, title: 'More than one buyer may have', detail: 'Ask for less.' },
  'not-sold-out': {
    status: 409,
    title: 'Not sold out',
    detail: 'There are tickets left: order them.',
  },
  'waiting-list-closed': {
    status: 409,
    title: 'There is no waiting list',
    detail: 'The organizer keeps no waiting list for this event.',
  },
  'already-waiting': {
    status: 409,
    title: 'You are on this list',
    detail: 'You wait for these tickets already, or they are offered to you: see `GET /waiting-list`.',
  },
  'resale-closed': {
    status: 409,
    title: 'Tickets are not resold',
    detail: 'The organizer does not allow it, or the sale of these tickets is over.',
  },
  'not-resalable': {
    status: 409,
    title: 'This ticket has no price to return',
    detail: 'Only a ticket that was paid for here is resold; give this one back instead.',
  },
  'face-value': {
    status: 409,
    title: 'It sells for less now',
    detail: 'The ticket would be sold for less than you paid for it.',
  },
  'ticket-listed': {
    status: 409,
    title: 'The ticket is up for resale',
    detail: 'Take it back first: `DELETE /tickets/:ticketId/resale`.',
  },
  'not-listed': { status: 409, title: 'The ticket is not up for resale', detail: 'There is nothing to take back.' },
  'resale-under-way': {
    status: 409,
    title: 'Somebody is buying it',
    detail: 'Somebody holds or has bought this ticket; if it stays unpaid you can take it back then.',
  },
  'order-ended': { status: 409, title: 'The order has ended', detail: 'Place a new order.' },
  'refund-required': {
    status: 409,
    title: 'It was paid: refund it instead',
    detail: 'The order is paid: refund it instead of cancelling it.',
  },
  'refund-closed': {
    status: 409,
    title: 'Refunds are closed',
    detail: 'The time in which the organizer gives money back is over.',
  },
  'nothing-to-refund': {
    status: 409,
    title: 'Nothing to give back',
    detail: 'Every ticket of this order was given back already.',
  },
  'nothing-to-resend': {
    status: 409,
    title: 'No tickets to send',
    detail: 'Only an order with tickets that are valid or used has a mail that can be sent again.',
  },
  'nothing-to-recheck': {
    status: 409,
    title: 'Nothing to ask for',
    detail: 'No payment and no refund of this order is under way.',
  },
  'refund-not-failed': {
    status: 409,
    title: 'This refund did not fail',
    detail: 'Only a refund that failed waits for a person.',
  },
  'difference-not-open': {
    status: 409,
    title: 'This difference is not open',
    detail: 'Only a difference that is open waits for a person.',
  },
  'settlement-differs': {
    status: 409,
    title: 'This does not add up to the refund',
    detail: 'The refunds named and what was paid otherwise are not the amount of the refund.',
  },
  'payment-disputed': {
    status: 409,
    title: 'The payment is disputed',
    detail: 'The payer gets this money through the bank; a refund would pay it twice.',
  },
  'ticket-checked-in': {
    status: 409,
    title: 'A ticket was used',
    detail: 'A ticket that was used cannot be given back.',
  },
  'ticket-void': { status: 409, title: 'The ticket is void', detail: 'The ticket was given back or replaced.' },
  'ticket-frozen': {
    status: 409,
    title: 'The ticket is frozen',
    detail: 'Its payment is disputed; the organizer has to settle that first.',
  },
  'ticket-transferred': {
    status: 409,
    title: 'Somebody else holds this ticket',
    detail: 'A ticket that was handed on is refunded by the organizer only; the money goes to who paid.',
  },
  'transfer-pending': {
    status: 409,
    title: 'The ticket is offered already',
    detail: 'Withdraw the offer that is open before you make another.',
  },
  'transfers-closed': {
    status: 409,
    title: 'This ticket cannot be handed on',
    detail: 'The organizer does not allow it, or the event was cancelled, is over or is not shown any more.',
  },
  'transfer-ended': {
    status: 409,
    title: 'The offer has ended',
    detail: 'It was accepted, declined or withdrawn, or its time is over: ask for another.',
  },
  'wallet-not-configured': {
    status: 409,
    title: 'This platform makes no passes for this wallet',
    detail: 'Print the ticket, or show its code on the screen; its operator would have to set up the wallet.',
  },
  'invalid-code': { status: 409, title: 'This code admits nobody', detail: 'This is no code of ours, or an old one.' },
  'wrong-event': {
    status: 409,
    title: 'A ticket for another event',
    detail: 'The ticket is valid, for another event.',
  },
  'already-checked-in': { status: 409, title: 'Already checked in', detail: 'Somebody has entered with this ticket.' },
  'too-many-devices': {
    status: 409,
    title: 'The organization has as many devices as it may',
    detail: 'Revoke one that is not used any more.',
  },
  'code-expired': {
    status: 409,
    title: 'The code is not of this moment',
    detail: "It changes every 30 seconds: show the present code of the ticket's page.",
  },
  'too-many-ticket-keys': {
    status: 409,
    title: 'The event has had as many keys as it may',
    detail: 'The keys of one event can be renewed 254 times.',
  },
  'wrong-gate': {
    status: 409,
    title: 'Not at this gate',
    detail: '`gates` names those that admit this ticket.',
  },
  'admission-undone': {
    status: 409,
    title: 'This admission was undone',
    detail: 'Scan the ticket again, with a new scanId, if its holder may enter.',
  },
  'not-checked-in': { status: 409, title: 'Nobody has entered', detail: 'There is no admission to take back.' },
  'reentry-not-allowed': {
    status: 409,
    title: 'Who leaves does not come back',
    detail: 'The event does not allow re-entry, so nobody is checked out.',
  },
  'not-inside': { status: 409, title: 'Not inside', detail: 'The holder has not entered, or has left already.' },
  'gate-name-taken': {
    status: 409,
    title: 'There is a gate of this name',
    detail: 'Gates of an event have different names, also in upper and lower case.',
  },
  'too-many-gates': { status: 409, title: 'The event has as many gates as it may', detail: 'Remove one first.' },
  'capacity-below-committed': {
    status: 409,
    title: 'More tickets are taken',
    detail: 'The capacity cannot be less than what is sold and held.',
  },
  'currency-mismatch': {
    status: 409,
    title: 'One currency per event',
    detail: 'All ticket types of an event have one currency.',
  },
  'event-ended': {
    status: 409,
    title: 'The event was cancelled or is over',
    detail: 'Nothing of it can be changed any more.',
  },
  'idempotency-in-flight': {
    status: 409,
    title: 'The first request with this key is still running',
    detail: 'Ask again in a moment.',
  },
  gone: { status: 410, title: 'No longer here', detail: 'It was here, and has ended.' },
  'body-too-large': { status: 413, title: 'The body is too large', detail: 'Send less in one request.' },
  'unsupported-media-type': {
    status: 415,
    title: 'This media type is not taken',
    detail: 'Send `Content-Type: application/json`, not compressed.',
  },
  'validation-failed': {
    status: 422,
    title: 'The request does not fit',
    detail: '`errors` names each field that does not fit.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The key belongs to another request',
    detail: 'Take a new key for a new request.',
  },
  'scan-id-reused': {
    status: 422,
    title: 'The scanId belongs to another ticket',
    detail: 'Take a new scanId for a new scan.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    detail: 'Wait for the seconds that `Retry-After` names.',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong here',
    detail: 'It is our fault and was logged; tell us the requestId.',
  },
  'service-unavailable': {
    status: 503,
    title: 'Not available right now',
    detail: 'Try again in the seconds that `Retry-After` names.',
  },
} as const satisfies Record<string, { status: number; title: string; detail: string }>;

export type ProblemCode = keyof typeof problems;
