/** Where the gateway serves the operations, and every service too, so that forwarding rewrites nothing. */
export const API_PREFIX = '/api/v1';
