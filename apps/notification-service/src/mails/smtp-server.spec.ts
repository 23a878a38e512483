import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import type { Config } from '../config.js';
import { SmtpServer } from './smtp-server.js';

let eavesdropper: SMTPServer;
let heard: string[];
let ours: SmtpServer;
beforeEach(async () => {
  heard = [];
  eavesdropper = new SMTPServer({
    ...{ allowInsecureAuth: true, disabledCommands: ['STARTTLS'], closeTimeout: 100 },
    onAuth: ({ password }, _session, done) => {
      heard.push(password ?? '');
      done(null, { user: 'platform' });
    },
    onData: (stream, _session, done) => void stream.resume().once('end', () => done()),
  });
  eavesdropper.on('error', () => undefined);
  await once(eavesdropper.listen(0, '127.0.0.1'), 'listening');
  const { port } = eavesdropper.server.address() as AddressInfo;
  const smtpUrl = `smtp://platform:s3cret@127.0.0.1:${port}`;
  ours = new SmtpServer({ smtpUrl, mailFrom: 'tickets@example.com' } as Config);
});
afterEach(async () => {
  ours.close();
  await new Promise<void>((resolve) => eavesdropper.close(resolve));
});

it('a password is told to no server that does not encrypt', async () => {
  const nothing = { tickets: null, calendar: null, organizer: undefined, unsubscribe: undefined };
  const mail = { id: 'id', recipient: 'zoe@example.com', subject: 's', text: 't', html: 'h', ...nothing };
  await expect(ours.send(mail)).rejects.toThrow('STARTTLS');
  expect(heard).toEqual([]);
});
