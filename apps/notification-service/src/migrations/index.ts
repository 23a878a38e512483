import { Messaging1767000000000 } from './1767000000000-messaging.js';
import { Mails1767000000001 } from './1767000000001-mails.js';
import { BulkMails1767000000070 } from './1767000000070-bulk-mails.js';
import { Erasure1767000000130 } from './1767000000130-erasure.js';
import { MailsOfPerson1767000000150 } from './1767000000150-mails-of-person.js';
import { Announcements1767000000180 } from './1767000000180-announcements.js';

export const migrations = [
  Messaging1767000000000,
  Mails1767000000001,
  BulkMails1767000000070,
  Erasure1767000000130,
  MailsOfPerson1767000000150,
  Announcements1767000000180,
];
