import { Messaging1767000000000 } from './1767000000000-messaging.js';
import { Mails1767000000001 } from './1767000000001-mails.js';
import { BulkMails1767000000070 } from './1767000000070-bulk-mails.js';

export const migrations = [Messaging1767000000000, Mails1767000000001, BulkMails1767000000070];
