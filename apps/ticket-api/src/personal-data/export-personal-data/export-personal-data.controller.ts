import { Controller, Res } from '@nestjs/common';
import { Caller, type Identity } from '@app/auth';
import { exportPersonalData, type PersonalData } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply } from 'fastify';
import { ExportPersonalData } from './export-personal-data.js';

@Controller()
export class ExportPersonalDataController {
  constructor(private readonly exports: ExportPersonalData) {}

  @Operation(exportPersonalData)
  export(@Caller() { userId }: Identity, @Res({ passthrough: true }) reply: FastifyReply): Promise<PersonalData> {
    void reply.headers({
      'cache-control': 'no-store',
      'content-disposition': 'attachment; filename="personal-data.json"',
    });
    return this.exports.of(userId);
  }
}
