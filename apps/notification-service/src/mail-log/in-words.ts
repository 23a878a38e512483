/** SMTP's enhanced status codes (RFC 3463) that say whose matter it is. */
const ENHANCED: readonly [RegExp, string][] = [
  [/\b5\.1\.[0-9]\b/, 'there is no such address'],
  [/\b[45]\.2\.2\b/, "the recipient's mailbox is full"],
  [/\b5\.2\.1\b/, "the recipient's mailbox is closed"],
  [/\b[45]\.7\.\d/, "the recipient's side refuses it by its rules"],
  [/\b[45]\.4\.\d/, "the recipient's mail server cannot be found"],
];

/**
 * What an organizer is told of a mail's last error: in words, and never the server's own, which may quote an address or
 * what stands in the mail. Null when there was none.
 */
export function inWords(error: string | null): string | null {
  if (error === null) return null;
  const known = ENHANCED.find(([code]) => code.test(error));
  if (known) return known[1];
  if (/ticket-api/.test(error)) return 'its files could not be made';
  if (/\b(ECONNECTION|ECONNREFUSED|ESOCKET|EDNS|ETIMEDOUT|ENOTFOUND|Timeout|timeout|closed)\b/.test(error))
    return 'the mail server cannot be reached';
  if (/\b5\d\d\b/.test(error)) return "the recipient's side refused it";
  if (/\b4\d\d\b/.test(error)) return "the recipient's side put it off";
  return 'it could not be sent';
}
