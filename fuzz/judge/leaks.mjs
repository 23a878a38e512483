/** Words that only an inside of ours would say. */
const INSIDES = [
  ['a stack frame', /\bat (?:async )?[\w.<>$]+ \(?(?:file:|node:|\/)[^\s)]+:\d+/],
  ['a path of the file system', /(?:\/node_modules\/|\/dist\/|\/home\/\w|\/root\/|\/tmp\/|\/usr\/|file:\/\/)/],
  ['SQL', /\b(?:select|insert into|update|delete from)\b [^"]{0,200}\b(?:from|values|set|where)\b/],
  [
    'a message of PostgreSQL',
    /duplicate key value|violates [\w-]+ constraint|syntax error at or near|invalid input syntax|row-level security|relation "|out of range for type|current transaction is aborted/i,
  ],
  ['a name of an error class', /\b(?:QueryFailedError|[A-Z]\w+(?:Error|Exception))\b/],
  [
    'a message of JavaScript',
    /Cannot (?:read|set) propert|is not a function|is not iterable|Unexpected token|undefined \(reading|Maximum call stack|\[object Object\]/,
  ],
  ['a column or setting of the database', /password_hash|token_hash|app\.tenant_id|pgboss|tenant_id/],
  ['an address of a server', /(?:postgres|postgresql|amqp|redis|rediss|smtp)s?:\/\/|ECONN(?:REFUSED|RESET)|ENOTFOUND/],
  ['a key', /-----BEGIN|whsec_|sk_(?:test|live)_/],
];

/** @param sent what the client itself said, which an answer may repeat @returns the kinds of insides that a text shows */
export function insidesOf(text, sent = '') {
  return INSIDES.flatMap(([what, pattern]) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined || sent.includes(found) ? [] : [`tells ${what}: ${found.slice(0, 120)}`];
  });
}
