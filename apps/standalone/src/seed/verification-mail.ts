import { setTimeout as sleep } from 'node:timers/promises';

const POLL = 100;
/** 32 bytes in base64url, on a line of their own. */
const TOKEN = /^[\w-]{43}$/m;

interface Message {
  readonly id: string;
  readonly text: string | null;
}

/**
 * The token of the newest verification mail to this address, from the local mailbox; waits for one that is not `known`.
 * @returns undefined when none came within `patience` milliseconds
 */
export async function verificationToken(
  mailbox: string,
  to: string,
  known: ReadonlySet<string>,
  patience: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(POLL, undefined, { signal })) {
    const list = await read<{ data: { id: string }[] }>(`${mailbox}/messages?to=${encodeURIComponent(to)}`, signal);
    for (const { id } of list.data) {
      const { text } = await read<Message>(`${mailbox}/messages/${id}`, signal);
      const token = TOKEN.exec(text ?? '')?.[0];
      if (token && !known.has(token)) return token;
    }
  }
  return undefined;
}

async function read<Body>(url: string, signal: AbortSignal): Promise<Body> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`The mailbox answered ${response.status} to ${url}`);
  return (await response.json()) as Body;
}
