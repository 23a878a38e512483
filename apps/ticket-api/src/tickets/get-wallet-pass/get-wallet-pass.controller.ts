import { Controller, Inject, Logger, Param, Res, type OnModuleInit } from '@nestjs/common';
import { Acting, type Principal } from '@app/auth';
import { getApplePass, getGoogleWalletLink, type GoogleWalletLink } from '@app/contracts';
import { Operation } from '@app/http';
import { notFound, ProblemError } from '@app/problem-details';
import type { FastifyReply } from 'fastify';
import { Located, type Location } from '../../authorization/authorization.module.js';
import { CONFIG, type Config } from '../../config.js';
import { asFile, TicketFiles } from '../files.js';
import { holderFor } from '../holder-for.js';
import { PrintableTickets, type PrintableTicket } from '../printable-ticket.js';
import { refuseUnusable } from '../refuse-unusable.js';

/** Days before its certificate ends in which an operator is reminded at each start. */
const REMINDED = 30 * 86_400_000;

@Controller()
export class GetWalletPassController implements OnModuleInit {
  private readonly log = new Logger('Wallets');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly tickets: PrintableTickets,
    private readonly files: TicketFiles,
  ) {}

  /** Tickets are sold also with a certificate that has ended: that is told, and the start goes on. */
  onModuleInit(): void {
    const { endsAt } = this.config.wallets.apple ?? {};
    if (!endsAt || endsAt.getTime() - Date.now() > REMINDED) return;
    const isOver = endsAt.getTime() <= Date.now();
    this.log.warn(
      `The certificate for Apple Wallet ${isOver ? 'has ended, no pass is made' : 'ends'} (${endsAt.toISOString()}): set a new APPLE_PASS_CERTIFICATE, APPLE_WWDR_CERTIFICATE.`,
    );
  }

  @Operation(getApplePass)
  async apple(
    @Located() where: Location,
    @Acting() who: Principal,
    @Param('ticketId') ticketId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const ticket = await this.usable(where, who, ticketId);
    const { apple } = this.config.wallets;
    if (!apple) throw notConfigured('Apple Wallet', 'APPLE_PASS_TYPE_ID and the variables beside it');
    if (apple.endsAt.getTime() <= Date.now()) throw notConfigured('Apple Wallet', 'a certificate that has not ended');
    const file = await this.files.make(async () => (await import('./apple-pass.js')).applePass(apple, ticket));
    asFile(reply, 'application/vnd.apple.pkpass', `ticket-${ticket.number}.pkpass`);
    return file;
  }

  /** Who has this link has the code: no cache keeps it. */
  @Operation(getGoogleWalletLink)
  async google(
    @Located() where: Location,
    @Acting() who: Principal,
    @Param('ticketId') ticketId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GoogleWalletLink> {
    const ticket = await this.usable(where, who, ticketId);
    const { google } = this.config.wallets;
    if (!google) throw notConfigured('Google Wallet', 'GOOGLE_WALLET_ISSUER_ID and GOOGLE_WALLET_SERVICE_ACCOUNT');
    const { googleSaveLink } = await import('./google-link.js');
    void reply.header('cache-control', 'private, no-store');
    return { saveUrl: await googleSaveLink(google, ticket, Date.now()) };
  }

  private async usable(where: Location, who: Principal, ticketId: string): Promise<PrintableTicket> {
    const ticket = await this.tickets.one(where.tenantId, ticketId, holderFor(who, where));
    if (!ticket) throw notFound('The ticket');
    refuseUnusable(ticket.status, ticket.event.status);
    return ticket;
  }
}

const notConfigured = (wallet: string, needed: string) =>
  new ProblemError(
    'wallet-not-configured',
    `This platform makes no passes for ${wallet}: its operator has to set ${needed}.`,
  );
