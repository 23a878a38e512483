import { Controller, Get, Header, Inject, NotFoundException, Param, Query } from '@nestjs/common';
import { MessageStore } from '../messages/message.store.js';
import { PAGE_POLICY } from './layout.js';
import { listPage } from './list.page.js';
import { BODY_POLICY, bodyPage, messagePage } from './message.page.js';

const MOST = 200;
const HTML = 'text/html; charset=utf-8';

/** The mails for people. */
@Controller()
export class PagesController {
  constructor(@Inject(MessageStore) private readonly store: MessageStore) {}

  @Get()
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', PAGE_POLICY)
  async list(@Query('to') to?: string | string[]): Promise<string> {
    const address = typeof to === 'string' && to !== '' ? to : undefined;
    return listPage(await this.store.list(MOST, address), address);
  }

  @Get('mails/:id')
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', PAGE_POLICY)
  async show(@Param('id') id: string): Promise<string> {
    return messagePage(await this.find(id));
  }

  @Get('mails/:id/body')
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', BODY_POLICY)
  async body(@Param('id') id: string): Promise<string> {
    return bodyPage((await this.find(id)).html ?? '');
  }

  private async find(id: string) {
    const message = await this.store.find(id);
    if (!message) throw new NotFoundException('There is no such mail.');
    return message;
  }
}
