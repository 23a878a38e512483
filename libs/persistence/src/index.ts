export * from './data-source.js';
export * from './database.js';
export * from './ensure-database.js';
export * from './migrate-database.js';
export * from './persistence.module.js';
export * from './tenant-table.js';
export type { Transaction } from './transaction.js';
export * from './migrate-main.js';
export * from './one-at-a-time.js';
