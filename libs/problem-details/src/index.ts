export * from './problem-answer.js';
export * from './problem-document.js';
export * from './problem-error.js';
export * from './problem.filter.js';
