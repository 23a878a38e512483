export * from './command-line.js';
export * from './configuration-error.js';
export * from './exit-status.js';
export * from './read-environment.js';
export * from './variables.js';
