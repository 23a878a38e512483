export * from './group-commit.js';
export * from './in-halves.js';
export * from './outcome.js';
