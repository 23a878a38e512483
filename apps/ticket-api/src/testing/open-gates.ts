import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { CheckInModule } from '../check-in/check-in.module.js';
import { DevicesModule } from '../devices/devices.module.js';
import { OfflineGatesModule } from '../offline-gates/offline-gates.module.js';
import { TicketsModule } from '../tickets/tickets.module.js';
import { openTicketApi, type TicketApi } from './open-ticket-api.js';

/** Whatever happens at a gate, with network and without. */
export const openGates = (): Promise<TicketApi> =>
  openTicketApi(
    [ApiKeysModule, TicketsModule, CheckInModule, DevicesModule, OfflineGatesModule],
    ['api keys', 'offline gates', 'check-in', 'ticket codes', ...TICKETS],
  );

/** `countAvailable` belongs to the catalogue. */
const TICKETS = [
  'listTickets',
  'listMyTickets',
  'listTicketsOfUser',
  'listTicketsOfUserAndEvent',
  'listTicketsOfEvent',
  'getTicket',
  'ticket files',
];
