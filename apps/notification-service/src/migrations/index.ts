import { Messaging1767000000000 } from './1767000000000-messaging.js';
import { Mails1767000000001 } from './1767000000001-mails.js';

export const migrations = [Messaging1767000000000, Mails1767000000001];
