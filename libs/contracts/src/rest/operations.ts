import * as auditLog from './audit-log.js';
import * as administration from './administration.js';
import * as admission from './admission.js';
import * as apiKeys from './api-keys.js';
import * as catalogue from './catalogue.js';
import * as devices from './devices.js';
import * as identity from './identity.js';
import * as linkedIdentities from './linked-identities.js';
import * as mails from './mails.js';
import type { Operation } from './operation.js';
import * as offlineGates from './offline-gates.js';
import * as orders from './orders.js';
import * as organizations from './organizations.js';
import * as passwords from './passwords.js';
import * as payments from './payments.js';
import * as personalData from './personal-data.js';
import * as reconciliation from './reconciliation.js';
import * as refunds from './refunds.js';
import * as resale from './resale.js';
import * as secondFactor from './second-factor.js';
import * as sessions from './sessions.js';
import * as ticketCodes from './ticket-codes.js';
import * as tickets from './tickets.js';
import * as timeline from './timeline.js';
import * as waitingList from './waiting-list.js';
import * as transfers from './transfers.js';

const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'id' in value && 'access' in value && 'responses' in value;

/** Every public call of the platform, once: the gateway's routes, the services' handlers and the OpenAPI document come from here. */
export const operations: readonly Operation[] = [
  identity,
  sessions,
  passwords,
  secondFactor,
  linkedIdentities,
  organizations,
  auditLog,
  apiKeys,
  catalogue,
  orders,
  timeline,
  mails,
  tickets,
  ticketCodes,
  resale,
  waitingList,
  transfers,
  admission,
  payments,
  personalData,
  reconciliation,
  refunds,
  administration,
  offlineGates,
  devices,
].flatMap((part) => Object.values(part).filter(isOperation));
