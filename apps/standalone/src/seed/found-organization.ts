import type { ApiClient } from './api-client.js';
import { accounts, organization } from './demo.js';

interface Page<Item> {
  readonly data: readonly Item[];
}

/** The organizer's demo organization, founded if it is missing. @returns its id */
export async function foundedOrganization(organizer: ApiClient): Promise<string> {
  const mine = await organizer.call<Page<{ id: string; slug: string }>>(
    'GET',
    '/organizations?limit=100',
    undefined,
    [200],
  );
  const known = mine.body.data.find(({ slug }) => slug === organization.slug);
  if (known) return known.id;
  const { body } = await organizer.call<{ id: string }>('POST', '/organizations', organization, [201]);
  return body.id;
}

/** The scanner is a member afterwards: invited by the organizer, accepted by themselves. */
export async function scannerJoined(organizer: ApiClient, scanner: ApiClient, organizationId: string): Promise<void> {
  const path = `/organizations/${organizationId}/members`;
  const members = await organizer.call<Page<{ email: string }>>('GET', `${path}?limit=100`, undefined, [200]);
  if (members.body.data.some(({ email }) => email === accounts.scanner.email)) return;
  const invitation = await organizer.call<{ id: string }>(
    'POST',
    path,
    { email: accounts.scanner.email, role: 'scanner' },
    [201],
  );
  await scanner.call('POST', `/organizations/invitations/${invitation.body.id}/accept`, undefined, [200]);
}
