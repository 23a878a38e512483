export * from './cable.js';
export * from './eventually.js';
export * from './test-database.js';
export * from './internal-routes.js';
export * from './peers.js';
export * from './platform.js';
export { expectTenancy, type Tenancy } from './tenancy.js';
export { expectNoWayAround } from './tenancy-attacks.js';
export * from './pgbouncer.js';
