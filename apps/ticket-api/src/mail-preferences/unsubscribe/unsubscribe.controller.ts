import { Controller, Query, Res } from '@nestjs/common';
import { showUnsubscribe, unsubscribe, type UnsubscribeQuery } from '@app/contracts';
import { Operation } from '@app/http';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import type { FastifyReply } from 'fastify';
import { MailPreferenceStore } from '../mail-preference.store.js';
import { UnsubscribeTokens, type Unsubscription } from '../unsubscribe-tokens.js';
import { askPage, donePage, PAGE_HEADERS } from './unsubscribe-page.js';

/**
 * A mail's link, for anybody who has it: nobody has to sign in to be left alone. Reading the page changes nothing, for
 * mail scanners read it. The body of the one click (`List-Unsubscribe=One-Click`) says nothing that the link does not.
 */
@Controller()
export class UnsubscribeController {
  constructor(
    private readonly tokens: UnsubscribeTokens,
    private readonly preferences: MailPreferenceStore,
    private readonly database: Database,
  ) {}

  @Operation(showUnsubscribe)
  async show(@Query() query: UnsubscribeQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { tenantId } = this.read(query);
    void reply.headers(PAGE_HEADERS);
    return askPage(await this.nameOf(tenantId));
  }

  @Operation(unsubscribe)
  async unsubscribe(
    @Query() query: UnsubscribeQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { kind, tenantId, userId } = this.read(query);
    await this.preferences.refuse(kind, tenantId, userId);
    void reply.headers(PAGE_HEADERS);
    return donePage(await this.nameOf(tenantId));
  }

  /** @throws ProblemError `not-found` for a link that we did not make. */
  private read({ token }: UnsubscribeQuery): Unsubscription {
    const read = this.tokens.read(token);
    if (!read) throw notFound('The link');
    return read;
  }

  private async nameOf(tenantId: string): Promise<string> {
    const [row] = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<{ name: string }>('select name from organizations where tenant_id = $1', [tenantId]),
    );
    return row?.name ?? '';
  }
}
