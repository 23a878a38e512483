export * from './crash-points.js';
export * from './health.js';
export * from './logger.js';
export * from './metrics.js';
export * from './request-context.js';
export * from './request-id.js';
export * from './traceparent.js';
