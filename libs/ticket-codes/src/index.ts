export { expiryOf, isOfThisMoment, startOf, stepAt } from './code-step.js';
export { keyIdOf, readCode, signCode, type CodeFacts, type SigningKey, type TicketCode } from './ticket-code.js';
