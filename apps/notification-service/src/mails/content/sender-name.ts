const LONGEST = 60;

/**
 * `Klub Wytwórnia via Tickets`: who a mail is from, as lists of mails show it, and that we have sent it. An organization
 * chooses its name, so what a mail program could take for an address is left out of it: nobody writes as a bank.
 * @param platform the name of the platform's own sender; empty if it has none
 */
export function senderName(organizer: string | undefined, platform: string): string {
  const name = (organizer ?? '')
    .replace(/[\p{C}\p{Zl}\p{Zp}<>@"\\]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const shown = [...name].slice(0, LONGEST).join('').trim();
  if (shown === '') return platform;
  return platform === '' ? shown : `${shown} via ${platform}`;
}
