import { Inject, Injectable } from '@nestjs/common';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CONFIG, type Config } from '../config.js';
import { fileName, inFileName, isNamed, messageId, readFileName, type MessageFile } from './message-file.js';
import { messageIdHeader, messageOf, summaryOf, type Message, type MessageSummary } from './message.js';

/** Headers fit in this many bytes, so that a list never reads attachments. */
const HEAD = 64 * 1024;

/** The folder of received mails. It is the truth: what lies there is listed, also after a restart. */
@Injectable()
export class MessageStore {
  private readonly folder: string;
  private readonly summaries = new Map<string, MessageSummary>();
  private readonly saving = new Map<string, Promise<void>>();

  constructor(@Inject(CONFIG) config: Config) {
    this.folder = config.mailFolder;
  }

  /**
   * Keeps the mail for this recipient; on the disk for good when the promise resolves. A mail that is there already,
   * by Message-ID and recipient, is kept once.
   */
  async save(recipient: string, raw: Buffer): Promise<void> {
    const id = messageId(await messageIdHeader(raw), recipient);
    const running = this.saving.get(id);
    if (running) return running;
    const saved = this.write(id, recipient, raw).finally(() => this.saving.delete(id));
    this.saving.set(id, saved);
    return saved;
  }

  /** Newest first. @param to only what was delivered to this address */
  async list(limit: number, to?: string): Promise<MessageSummary[]> {
    const wanted = to === undefined ? undefined : `-${inFileName(to)}-`;
    const files = (await this.files()).filter(({ name }) => wanted === undefined || name.includes(wanted));
    const found: MessageSummary[] = [];
    for (const file of files.reverse()) {
      if (found.length === limit) break;
      const summary = await this.summary(file);
      if (to === undefined || summary.to.toLowerCase() === to.toLowerCase()) found.push(summary);
    }
    return found;
  }

  async find(id: string): Promise<Message | undefined> {
    const file = (await this.files()).find((each) => each.id === id);
    return file && messageOf(file, await readFile(join(this.folder, file.name)));
  }

  private async files(): Promise<MessageFile[]> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const names = await readdir(this.folder);
    return names
      .sort()
      .map(readFileName)
      .filter((file) => file !== undefined);
  }

  private async summary(file: MessageFile): Promise<MessageSummary> {
    const known = this.summaries.get(file.name);
    if (known) return known;
    const handle = await open(join(this.folder, file.name));
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
      const summary = await summaryOf(file, buffer.subarray(0, bytesRead));
      this.summaries.set(file.name, summary);
      return summary;
    } finally {
      await handle.close();
    }
  }

  private async write(id: string, recipient: string, raw: Buffer): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    // Of tens of thousands of names none is taken apart for each mail that comes.
    if ((await readdir(this.folder)).some((name) => isNamed(name, id))) return;
    const path = join(this.folder, fileName(new Date(), recipient, id));
    const draft = join(this.folder, `.${id}.tmp`);
    // RFC 5321 lets the last hop note for whom it delivered; headers alone do not tell.
    const content = Buffer.concat([Buffer.from(`Delivered-To: ${recipient}\r\n`), raw]);
    await writeToDisk(draft, content).catch(async (error: unknown) => {
      // What lies there in part would keep its place on a full disk.
      await rm(draft, { force: true });
      throw error;
    });
    await rename(draft, path);
    const folder = await open(this.folder);
    await folder.sync().finally(() => folder.close());
  }
}

async function writeToDisk(path: string, content: Buffer): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
