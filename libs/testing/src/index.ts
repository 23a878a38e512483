export * from './test-database.js';
export * from './peers.js';
export * from './platform.js';
