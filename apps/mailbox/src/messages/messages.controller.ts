import { Controller, Get, Inject, NotFoundException, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONFIG, type Config } from '../config.js';
import { MessageStore } from './message.store.js';
import type { Message, MessageSummary } from './message.js';

const MOST = 100;

/** The mails for programs. */
@Controller('messages')
export class MessagesController {
  constructor(
    @Inject(MessageStore) private readonly store: MessageStore,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  async list(@Query('to') to?: string | string[]): Promise<{ data: MessageSummary[] }> {
    return { data: await this.store.list(MOST, typeof to === 'string' ? to : undefined) };
  }

  @Get(':id')
  async read(@Param('id') id: string) {
    const { attachments, ...message } = await this.find(id);
    return {
      ...message,
      attachments: attachments.map(({ filename, mimeType, bytes }, index) => ({
        filename,
        mimeType,
        size: bytes.length,
        path: `/messages/${id}/attachments/${index}`,
      })),
    };
  }

  @Get(':id/attachments/:index')
  async attachment(@Param('id') id: string, @Param('index') index: string, @Res() reply: FastifyReply): Promise<void> {
    const attachment = (await this.find(id)).attachments[Number(index)];
    if (!attachment) throw new NotFoundException('This mail has no such attachment.');
    await download(reply, attachment.bytes, attachment.mimeType, attachment.filename);
  }

  @Get(':id/raw')
  async raw(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const { file } = await this.find(id);
    await download(reply, await readFile(join(this.config.mailFolder, file)), 'message/rfc822', file);
  }

  private async find(id: string): Promise<Message> {
    const message = await this.store.find(id);
    if (!message) throw new NotFoundException('There is no such mail.');
    return message;
  }
}

/** Never shown in place: an attachment may be a page with a script. */
const download = (reply: FastifyReply, bytes: Buffer, type: string, name: string) =>
  reply
    .header('content-type', /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream')
    .header(
      'content-disposition',
      `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`,
    )
    .header('content-security-policy', "sandbox; default-src 'none'")
    .send(bytes);
