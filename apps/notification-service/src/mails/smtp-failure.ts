import type { NodemailerError } from 'nodemailer';
import type { FailureReason } from './after-failure.js';

/** The mail may not have left. `message` may quote the server, and what the server quotes of the mail. */
export class SmtpFailure extends Error {
  override readonly name = 'SmtpFailure';
  readonly reason: FailureReason;
  /** Codes only, as in `EENVELOPE 550 5.1.1`. */
  readonly code: string;

  constructor(cause: NodemailerError) {
    super(cause.message);
    this.reason = reasonOf(cause);
    const reply = /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3}\b)?/.exec(cause.response ?? '')?.[0];
    this.code = [cause.code ?? cause.name, cause.originalCode, reply].filter(Boolean).join(' ');
  }
}

/** A reply to the recipient or to the content is about this mail; every other failure is about the server. */
function reasonOf({ code, permanent }: NodemailerError): FailureReason {
  if (code === 'EENVELOPE') return permanent === false ? 'deferred' : 'refused';
  if (code === 'EMESSAGE') return permanent === true ? 'refused' : 'deferred';
  return code === 'EABORT' ? 'deferred' : 'unreachable';
}
