import { readFileSync } from 'node:fs';
import type { Addresses } from '../addresses.js';
import { writeAtomically } from '../data-directory/atomic-file.js';
import type { Log } from '../logs/log.js';
import { ApiClient } from './api-client.js';
import { accounts, type DemoAccounts } from './demo.js';
import { foundedOrganization, scannerJoined } from './found-organization.js';
import { isOnSale, publishedEvents } from './publish-events.js';
import { signedUp } from './sign-up.js';

/**
 * Fills an empty platform with a demo, through the gateway as any client would. Asks at each step whether it is done
 * already, so an interrupted seeding goes on where it was. A failure is told and costs nobody the platform.
 * @param note file that remembers the organization of a complete demo, whose events then are all that is asked for
 */
export async function seed(
  addresses: Addresses,
  note: string,
  log: Log,
  signal: AbortSignal,
): Promise<DemoAccounts | undefined> {
  const { gateway, mailbox } = addresses;
  if (!mailbox) return undefined;
  const api = new ApiClient(`${gateway}/api/v1`, signal, log.ownCalls);
  try {
    if (await isOnSale(api, organizationIn(note))) return accounts;
    const [organizer, scanner] = await Promise.all([
      signedUp(api, accounts.organizer, 'Demo Organizer', mailbox, signal),
      signedUp(api, accounts.scanner, 'Demo Scanner', mailbox, signal),
      signedUp(api, accounts.buyer, 'Demo Buyer', mailbox, signal),
      signedUp(api, accounts.admin, 'Demo Administrator', mailbox, signal),
    ]);
    const organizationId = await foundedOrganization(organizer);
    await Promise.all([scannerJoined(organizer, scanner, organizationId), publishedEvents(organizer, organizationId)]);
    writeAtomically(note, JSON.stringify({ organizationId, hasAdmin: true }));
    return accounts;
  } catch (error) {
    signal.throwIfAborted();
    log.say('warn', `the demo is not complete, and the next start goes on with it: ${(error as Error).message}`);
    return undefined;
  }
}

/** Of a demo that has all of its accounts: one of an earlier release has no administrator yet. */
function organizationIn(note: string): string | undefined {
  try {
    const noted = JSON.parse(readFileSync(note, 'utf8')) as { organizationId?: string; hasAdmin?: boolean };
    return noted.hasAdmin ? noted.organizationId : undefined;
  } catch {
    return undefined;
  }
}
