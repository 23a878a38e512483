import { stock } from './guards/stock.mjs';
import { contradictions } from './guards/contradictions.mjs';
import { orders } from './guards/orders.mjs';
import { holds } from './guards/holds.mjs';
import { idempotency } from './guards/idempotency.mjs';
import { givingBack } from './guards/giving-back.mjs';
import { payments } from './guards/payments.mjs';
import { refunds } from './guards/refunds.mjs';
import { lessenedRefunds } from './guards/lessened-refunds.mjs';
import { provider } from './guards/provider.mjs';
import { providerLedger } from './guards/provider-ledger.mjs';
import { tickets } from './guards/tickets.mjs';
import { admission } from './guards/admission.mjs';
import { offlineGates } from './guards/offline-gates.mjs';
import { access } from './guards/access.mjs';
import { auditLog } from './guards/audit-log.mjs';
import { apiKeys } from './guards/api-keys.mjs';
import { issuers } from './guards/issuers.mjs';
import { linkedIdentities } from './guards/linked-identities.mjs';
import { erasure } from './guards/erasure.mjs';
import { exporting } from './guards/export.mjs';
import { passwords } from './guards/passwords.mjs';
import { changedPasswords } from './guards/changed-passwords.mjs';
import { secondFactors } from './guards/second-factors.mjs';
import { identity } from './guards/identity.mjs';
import { redactions, securityEvents } from './guards/security-events.mjs';
import { sessions } from './guards/sessions.mjs';
import { organizations } from './guards/organizations.mjs';
import { rows } from './guards/rows.mjs';
import { doors } from './guards/doors.mjs';
import { persistence } from './guards/persistence.mjs';
import { sending } from './guards/sending.mjs';
import { messages } from './guards/messages.mjs';
import { announcing } from './guards/announcements.mjs';
import { mails } from './guards/mails.mjs';
import { transfers } from './guards/transfers.mjs';
import { authentication } from './guards/authentication.mjs';
import { gateway } from './guards/gateway.mjs';
import { requests } from './guards/requests.mjs';
import { services } from './guards/services.mjs';
import { doorsOfServices } from './guards/doors-of-services.mjs';
import { webhooks } from './guards/webhooks.mjs';
import { checkout } from './guards/checkout.mjs';
import { resale } from './guards/resale.mjs';
import { files } from './guards/files.mjs';
import { rabbitmq } from './guards/rabbitmq.mjs';
import { problems } from './guards/problems.mjs';

/**
 * Every guard, and the program without it.
 * `rule`: what the guard keeps. `file`, `from`, `to`: where it stands, and what stands there without it.
 * `spec`, `caughtBy`: the test that has to fail then, by a part of its name. `everyTestFails`: all others of its file do too.
 * `needs`: 'RabbitMQ', when that test runs only where there is one (`npm run mutants -- --services`).
 */
export const mutants = [
  ...stock,
  ...contradictions,
  ...orders,
  ...holds,
  ...idempotency,
  ...givingBack,
  ...resale,
  ...payments,
  ...refunds,
  ...lessenedRefunds,
  ...provider,
  ...providerLedger,
  ...tickets,
  ...transfers,
  ...admission,
  ...offlineGates,
  ...access,
  ...auditLog,
  ...apiKeys,
  ...issuers,
  ...linkedIdentities,
  ...erasure,
  ...exporting,
  ...passwords,
  ...changedPasswords,
  ...secondFactors,
  ...identity,
  ...redactions,
  ...securityEvents,
  ...sessions,
  ...organizations,
  ...rows,
  ...doors,
  ...persistence,
  ...sending,
  ...messages,
  ...mails,
  ...announcing,
  ...authentication,
  ...gateway,
  ...requests,
  ...services,
  ...doorsOfServices,
  ...webhooks,
  ...checkout,
  ...files,
  ...rabbitmq,
  ...problems,
];
