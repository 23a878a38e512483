import type { FastifyInstance, FastifyRequest } from 'fastify';
import { JSON_LIMIT } from './route-config.js';

/**
 * A body as it came: nothing is parsed or refused before the guards have spoken. Of one that is too large only the
 * first byte past the limit is kept; the rest is let go by unread, so that the client can finish and see the answer.
 */
export class ReceivedBody {
  constructor(
    readonly bytes: Buffer,
    readonly contentType: string | undefined,
    /** Whether it is compressed, which nobody here takes apart (RFC 9110 `Content-Encoding`). */
    readonly encoded: boolean,
    readonly tooLarge: boolean,
  ) {}
}

/** Takes every content type on every route; routes with `rawBody` get a `Buffer` if they can read it, all else is a `ReceivedBody`. */
export function receiveBodies(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('*', (request, payload, done) => {
    if (request.is404) return done(null, undefined);
    const { rawBody, largestBody = JSON_LIMIT } = request.routeOptions.config;
    const limit = rawBody ?? largestBody;
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (tooLarge: boolean) => {
      payload.off('data', take).off('end', whole).off('error', broken);
      const bytes = Buffer.concat(chunks, tooLarge ? limit + 1 : length);
      const encoded = isEncoded(request);
      const raw = rawBody !== undefined && !tooLarge && !encoded;
      done(null, raw ? bytes : new ReceivedBody(bytes, contentTypeOf(request), encoded, tooLarge));
    };
    const take = (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= limit) return;
      finish(true);
      payload.on('error', () => undefined).resume();
    };
    const whole = () => finish(false);
    const broken = (error: Error) => done(Object.assign(error, { statusCode: 400 }), undefined);
    payload.on('data', take).on('end', whole).on('error', broken);
  });
}

const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(;|$)/;
const UNREADABLE = 'application/octet-stream';

/**
 * Fastify answers 415 to a content type that it cannot read, before any guard. Such a body is simply not JSON,
 * and is refused when its turn comes.
 */
export function softenContentType(request: FastifyRequest): void {
  const { headers } = request.raw;
  if (headers['content-type'] !== undefined && !mediaType.test(headers['content-type']))
    headers['content-type'] = UNREADABLE;
}

const isEncoded = ({ headers }: FastifyRequest) =>
  (headers['content-encoding'] ?? '').split(',').some((coding) => !/^\s*(identity\s*)?$/i.test(coding));

const contentTypeOf = (request: FastifyRequest) => request.headers['content-type'];
