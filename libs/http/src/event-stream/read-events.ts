/** An event has this many characters at most; a peer that sends more is not one of ours. */
const LONGEST = 1024 * 1024;

/** The `data` of each event of a stream of ours: one line. @throws when an event has no end */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of body) {
    text += decoder.decode(bytes, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    if (text.length > LONGEST) throw new Error('An event has no end.');
    for (const block of blocks) {
      const line = block.split('\n').find((one) => one.startsWith('data: '));
      if (line !== undefined) yield line.slice('data: '.length);
    }
  }
}
