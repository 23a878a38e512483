/** Addresses in mails: pages of the gateway, and calls that do the same without a page. */
export interface Links {
  verifyEmail(token: string): string;
  verifyEmailCall: string;
  order(orderId: string): string;
  invitation(invitationId: string): string;
  acceptInvitationCall(invitationId: string): string;
}

/** @param base the gateway's public address, without a slash at its end. */
export function linksUnder(base: string): Links {
  return {
    verifyEmail: (token) => `${base}/verify-email?token=${encodeURIComponent(token)}`,
    verifyEmailCall: `${base}/api/v1/auth/verify-email`,
    order: (orderId) => `${base}/orders/${orderId}`,
    invitation: (invitationId) => `${base}/invitations/${invitationId}`,
    acceptInvitationCall: (invitationId) => `${base}/api/v1/organizations/invitations/${invitationId}/accept`,
  };
}
