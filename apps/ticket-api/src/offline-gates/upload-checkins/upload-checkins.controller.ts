import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acting, isApiKey, type Principal } from '@app/auth';
import {
  Id,
  uploadCheckins,
  type CheckinUploadResult,
  type CheckinUploadResults,
  type UploadCheckins,
} from '@app/contracts';
import { Operation } from '@app/http';
import { ProblemError } from '@app/problem-details';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { TicketCodes } from '../../tickets/tickets.module.js';
import type { UploadPlan } from './plan-upload.js';
import { INTRUSIONS, type ToldScan } from './scan-facts.js';
import { UploadCheckinsCommand } from './upload-checkins.js';

@Controller()
export class UploadCheckinsController {
  constructor(
    private readonly codes: TicketCodes,
    private readonly commands: CommandBus,
  ) {}

  @Operation(uploadCheckins)
  async upload(
    @Located() { tenantId }: Location,
    @Acting() who: Principal,
    @Param('eventId') eventId: string,
    @Body() body: UploadCheckins,
  ): Promise<CheckinUploadResults> {
    const { scans, sentAt } = Array.isArray(body) ? { scans: body, sentAt: undefined } : body;
    if (isApiKey(who) && who.device) refuseOthersScans(scans, who.keyId, Array.isArray(body) ? '' : 'scans.');
    const codes = await this.codes.readOfEvent(
      eventId,
      scans.map(({ code }) => code),
    );
    const told = scans.map(({ scanId, deviceId, direction, scannedAt, gate = null }, n): ToldScan => {
      return { scanId, code: codes[n], scannedAt: Date.parse(scannedAt), deviceId: idOf(deviceId), gate, direction };
    });
    const sent = sentAt === undefined ? undefined : Date.parse(sentAt);
    const outcomes = await this.commands.execute(new UploadCheckinsCommand(tenantId, eventId, told, sent, who));
    return { results: outcomes.map((outcome, n) => toResult(told[n]!.scanId, outcome)) };
  }
}

/** A registered device's id in any case is its id. */
const idOf = (deviceId: string): string => (Id.safeParse(deviceId).success ? deviceId.toLowerCase() : deviceId);

/** A device speaks for itself: whoever has its key cannot put scans into another one's name. */
function refuseOthersScans(scans: readonly { deviceId: string }[], own: string, within: string): void {
  const at = scans.findIndex(({ deviceId }) => idOf(deviceId) !== own);
  if (at === -1) return;
  const errors = [{ path: `${within}${at}.deviceId`, message: 'is not the device whose key this is' }];
  throw new ProblemError('validation-failed', undefined, { errors });
}

function toResult(scanId: string, { scan, counts }: UploadPlan['outcomes'][number]): CheckinUploadResult {
  if (scan === 'reused' || scan.result === 'undone') return { scanId, result: 'refused', reason: 'scan-id-reused' };
  const { result, reason } = scan;
  const refusal =
    scan.undoneAt !== null ? 'admission-undone' : reason !== null && INTRUSIONS.has(reason) ? reason : null;
  return {
    ...{ scanId, result: refusal === null ? result : 'refused' },
    ...((refusal ?? reason) !== null && { reason: refusal ?? reason ?? '' }),
    ...(scan.ticketId !== null && { ticketId: scan.ticketId }),
    ...(counts && { checkedInAt: new Date(counts.at).toISOString(), gate: counts.gate, deviceId: counts.deviceId }),
  };
}
