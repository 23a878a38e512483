import { isUtf8 } from 'node:buffer';
import { ProblemError } from '@app/problem-details';
import type { FastifyInstance } from 'fastify';
import type { ReceivedBody } from './received-body.js';
import { refuseUnstorable } from './unstorable-text.js';

const json = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;
const unstorableEscape = /\\u(?:0000|d[89a-f])/i;

/** No body of ours nests deeper than five; recursion in whatever handles it later stays harmless. */
const MAX_DEPTH = 64;

/** Reads JSON without letting `__proto__` or `constructor.prototype` keys through. */
export type JsonReader = (body: ReceivedBody) => unknown;

/**
 * Reads a body as JSON; `undefined` when it is empty.
 * @throws ProblemError `body-too-large`, `unsupported-media-type`, `malformed-body`, or `validation-failed` for text that
 * PostgreSQL cannot keep.
 */
export function jsonReader(instance: FastifyInstance): JsonReader {
  const parse = instance.getDefaultJsonParser('error', 'error');
  return ({ bytes, contentType, encoded, tooLarge }) => {
    if (tooLarge) throw new ProblemError('body-too-large');
    if (encoded) throw new ProblemError('unsupported-media-type', 'Send the body as it is, without Content-Encoding.');
    if (bytes.length === 0) return undefined;
    if (!contentType || !json.test(contentType))
      throw new ProblemError('unsupported-media-type', 'Send application/json in UTF-8.');
    if (!isUtf8(bytes)) throw new ProblemError('malformed-body', 'The body is not UTF-8.');
    if (isDeeper(bytes, MAX_DEPTH)) throw new ProblemError('malformed-body', 'The body is nested too deeply.');
    const text = bytes.toString('utf8');
    let value: unknown;
    // Fastify's parser answers through its callback, before it returns.
    void parse(undefined as never, text, (error, parsed: unknown) => {
      if (error) throw new ProblemError('malformed-body', isJson(text) ? FORBIDDEN_KEY : 'The body is not JSON.');
      value = parsed;
    });
    if (unstorableEscape.test(text)) refuseUnstorable(value);
    return value;
  };
}

const FORBIDDEN_KEY = 'The body has a key that is not allowed: `__proto__`, or `prototype` within `constructor`.';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

function isDeeper(bytes: Buffer, limit: number): boolean {
  if (bytes.length <= limit) return false;
  let depth = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (inText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (opening.has(byte)) {
      if (++depth > limit) return true;
    } else if (closing.has(byte)) depth--;
  }
  return false;
}
