import type { FastifyReply } from 'fastify';

/**
 * Lets the gateway give this answer to whoever asks within a second (RFC 9213): it must be the same for everybody. Other
 * caches are not told.
 */
export const shareBriefly = (reply: FastifyReply): void => void reply.header('cdn-cache-control', 'max-age=1');
