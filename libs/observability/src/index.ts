export * from './crash-points.js';
export * from './health.js';
export * from './logger.js';
export * from './metrics.js';
export * from './request-context.js';
export * from './request-id.js';
export { SecurityEvents, type SecurityFacts } from './security-events.js';
export * from './traceparent.js';
