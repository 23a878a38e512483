export { CODE_STEP_SECONDS, CODE_TOLERANCE_STEPS, expiryOf, isOfThisMoment, startOf, stepAt } from './code-step.js';
export {
  isSignedBy,
  keyIdOf,
  parseCode,
  readCode,
  signCode,
  type CodeFacts,
  type SigningKey,
  type TicketCode,
} from './ticket-code.js';
