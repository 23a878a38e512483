import { createHash, randomUUID } from 'node:crypto';

/** What a mail's file name tells: `<time>-<recipient>-<id>.eml`. */
export interface MessageFile {
  readonly name: string;
  readonly id: string;
  readonly receivedAt: Date;
}

const ID_LENGTH = 16;
const LONGEST_RECIPIENT = 100;
const PATTERN = new RegExp(`^(\\d{8}T\\d{9}Z)-.*-([0-9a-f]{${ID_LENGTH}})\\.eml$`);

/** One mail for one recipient has one id, however often it is delivered; a mail without Message-ID is always new. */
export const messageId = (messageIdHeader: string | undefined, recipient: string) =>
  createHash('sha256')
    .update(`${recipient.toLowerCase()}\n${messageIdHeader ?? randomUUID()}`)
    .digest('hex')
    .slice(0, ID_LENGTH);

/** Names sort by the time of receipt. */
export const fileName = (at: Date, recipient: string, id: string) =>
  `${at.toISOString().replace(/[-:.]/g, '')}-${inFileName(recipient)}-${id}.eml`;

/** An address as it stands in file names: no character that a file system or a shell minds. */
export const inFileName = (recipient: string) =>
  recipient
    .toLowerCase()
    .replace(/[^a-z0-9@._+-]/g, '_')
    .slice(0, LONGEST_RECIPIENT);

/** Whether the mail of this id has this name; a draft has not. */
export const isNamed = (name: string, id: string) => name.endsWith(`-${id}.eml`);

/** @returns undefined for a file that is none of ours */
export function readFileName(name: string): MessageFile | undefined {
  const [, time, id] = PATTERN.exec(name) ?? [];
  if (!time || !id) return undefined;
  const iso = time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/, '$1-$2-$3T$4:$5:$6.$7Z');
  return { name, id, receivedAt: new Date(iso) };
}
