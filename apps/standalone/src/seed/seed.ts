import type { Addresses } from '../addresses.js';
import type { Log } from '../logs/log.js';
import { ApiClient } from './api-client.js';
import { accounts, type DemoAccounts } from './demo.js';
import { foundedOrganization, scannerJoined } from './found-organization.js';
import { publishedEvents } from './publish-events.js';
import { signedUp } from './sign-up.js';

/**
 * Fills an empty platform with a demo, through the gateway as any client would. Asks at each step whether it is done
 * already, so an interrupted seeding goes on where it was. A failure is told and costs nobody the platform.
 */
export async function seed(addresses: Addresses, log: Log, signal: AbortSignal): Promise<DemoAccounts | undefined> {
  const { gateway, mailbox } = addresses;
  if (!mailbox) return undefined;
  const api = new ApiClient(`${gateway}/api/v1`, signal);
  try {
    const [organizer, scanner] = await Promise.all([
      signedUp(api, accounts.organizer, 'Demo Organizer', mailbox, signal),
      signedUp(api, accounts.scanner, 'Demo Scanner', mailbox, signal),
      signedUp(api, accounts.buyer, 'Demo Buyer', mailbox, signal),
    ]);
    const organizationId = await foundedOrganization(organizer);
    await Promise.all([scannerJoined(organizer, scanner, organizationId), publishedEvents(organizer, organizationId)]);
    return accounts;
  } catch (error) {
    signal.throwIfAborted();
    log.say('warn', `the demo is not complete, and the next start goes on with it: ${(error as Error).message}`);
    return undefined;
  }
}
