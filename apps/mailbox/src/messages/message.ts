import PostalMime, { type Address, type Email } from 'postal-mime';
import type { MessageFile } from './message-file.js';

/** A mail in the list. */
export interface MessageSummary {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly receivedAt: string;
  /** Below `DATA_DIR/mail`. */
  readonly file: string;
}

export interface Attachment {
  readonly filename: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

export interface Message extends MessageSummary {
  readonly messageId: string | undefined;
  readonly text: string | undefined;
  /** Pictures that the mail carries along are part of it, as `data:` addresses. */
  readonly html: string | undefined;
  readonly attachments: readonly Attachment[];
}

/** @param raw the file's content, of which the beginning suffices */
export async function summaryOf(file: MessageFile, raw: Buffer): Promise<MessageSummary> {
  return summarise(file, await PostalMime.parse(raw));
}

export async function messageOf(file: MessageFile, raw: Buffer): Promise<Message> {
  const mail = await PostalMime.parse(raw);
  return {
    ...summarise(file, mail),
    messageId: mail.messageId,
    text: mail.text,
    html: mail.html && withPictures(mail.html, mail),
    attachments: mail.attachments.map(({ filename, mimeType, content }, index) => ({
      filename: filename ?? `part-${index + 1}`,
      mimeType,
      bytes: typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as Uint8Array),
    })),
  };
}

/** The header block alone, as far as it names the message. */
export const messageIdHeader = async (raw: Buffer): Promise<string | undefined> => {
  const end = raw.indexOf('\r\n\r\n');
  return (await PostalMime.parse(end < 0 ? raw : raw.subarray(0, end))).messageId;
};

const summarise = ({ id, name, receivedAt }: MessageFile, mail: Email): MessageSummary => ({
  id,
  to: mail.deliveredTo ?? '',
  from: mail.from ? written(mail.from) : '',
  subject: mail.subject ?? '',
  receivedAt: receivedAt.toISOString(),
  file: name,
});

const written = ({ name, address }: Address) => (name && address ? `${name} <${address}>` : (address ?? name));

/** RFC 2392: `cid:` names a part of the same mail by its Content-ID. */
function withPictures(html: string, mail: Email): string {
  return mail.attachments.reduce((page, { contentId, mimeType, content }) => {
    if (!contentId || !mimeType.startsWith('image/')) return page;
    const data = Buffer.from(content as Uint8Array).toString('base64');
    return page.replaceAll(`cid:${contentId.replace(/^<|>$/g, '')}`, `data:${mimeType};base64,${data}`);
  }, html);
}
