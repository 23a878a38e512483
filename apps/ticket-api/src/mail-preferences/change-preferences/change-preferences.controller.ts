import { Body, Controller } from '@nestjs/common';
import { Caller, type Identity } from '@app/auth';
import {
  changeMailPreferences,
  PLATFORM_TENANT,
  type ChangeMailPreferences,
  type MailPreferences,
} from '@app/contracts';
import { Operation } from '@app/http';
import { notFound } from '@app/problem-details';
import { ResourceAccess } from '../../authorization/authorization.module.js';
import { MailPreferenceStore } from '../mail-preference.store.js';

@Controller()
export class ChangeMailPreferencesController {
  constructor(
    private readonly preferences: MailPreferenceStore,
    private readonly access: ResourceAccess,
  ) {}

  /** @throws ProblemError `not-found` for an organization that is not there. */
  @Operation(changeMailPreferences)
  async change(
    @Caller() { userId }: Identity,
    @Body() { organizationId, reminders }: ChangeMailPreferences,
  ): Promise<MailPreferences> {
    if (organizationId && !(await this.access.locate('organization', organizationId, null)))
      throw notFound('The organization');
    const say = reminders ? 'accept' : 'refuse';
    await this.preferences[say]('reminder', organizationId ?? PLATFORM_TENANT, userId);
    return this.preferences.of(userId);
  }
}
