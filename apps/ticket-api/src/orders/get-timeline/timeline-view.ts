import type { TimelineStep } from '@app/contracts';
import type { Location } from '../../authorization/authorization.module.js';
import type { RecordedStep } from './read-timeline.js';

type Viewer = Pick<Location, 'isSelf' | 'role'>;

/**
 * A step as this viewer may see it: the buyer's address is the buyer's, and who of the staff repaired something, and what he
 * or she noted, is the organization's affair.
 */
export function toStep({ at, step, service, detail }: RecordedStep, viewer: Viewer): TimelineStep {
  return { at: at.toISOString(), step, service, detail: visible(detail, viewer) };
}

function visible({ recipient, by, note, ...others }: Record<string, unknown>, { isSelf, role }: Viewer) {
  const isStaff = role === 'organizer' || role === 'owner';
  return {
    ...others,
    ...(typeof recipient === 'string' && { recipient: isSelf ? recipient : masked(recipient) }),
    ...(isStaff && by !== undefined && { by }),
    ...(isStaff && note !== undefined && { note }),
  };
}

/** `zoe@example.com` → `z***@example.com`: enough to see a mistyped domain. */
export const masked = (email: string) => email.replace(/^(.).*(?=@)/u, '$1***');
