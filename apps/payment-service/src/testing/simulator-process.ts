import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { dropDatabase, testServerUrl } from '@app/testing';

const ENTRY = 'dist/programs/stripe-simulator';
const START_LIMIT = 60_000;

/** The Stripe simulator as it is shipped: its own process, built files, a database of its own. */
export class SimulatorProcess {
  private constructor(
    readonly url: string,
    private readonly adminUrl: string,
    private readonly process: ChildProcess,
    private readonly database: string,
  ) {}

  static async start(settings: {
    secretKey: string;
    webhookSecret: string;
    webhookUrl: string;
  }): Promise<SimulatorProcess> {
    const database = `spec_simulator_${randomBytes(5).toString('hex')}`;
    const url = new URL(testServerUrl());
    url.pathname = `/${database}`;
    const password = 'of-a-spec';
    await ended(run('migrate.js', { DATABASE_URL: url.href, DATABASE_ROLE_PASSWORD: password }));
    url.username = database;
    url.password = password;
    const child = run('main.js', {
      PORT: '0',
      ADMIN_PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      DATABASE_URL: url.href,
      STRIPE_SECRET_KEY: settings.secretKey,
      STRIPE_WEBHOOK_SECRET: settings.webhookSecret,
      WEBHOOK_URL: settings.webhookUrl,
    });
    const { port, adminPort } = await portsOf(child);
    return new SimulatorProcess(`http://127.0.0.1:${port}`, `http://127.0.0.1:${adminPort}`, child, database);
  }

  /** Presses a button of the hosted page. @returns the status of the answer. */
  async press(pageUrl: string, button: 'pay' | 'decline' | 'fail' | 'expire'): Promise<number> {
    const page = new URL(pageUrl);
    return (await fetch(`${this.url}${page.pathname}/${button}`, { method: 'POST', redirect: 'manual' })).status;
  }

  /** Tells it what to do now (docs/simulator.md). @throws when it does not understand */
  tell<Answer>(path: string, order: object): Promise<Answer> {
    return this.order('POST', path, order);
  }

  /** Tells it how to behave from now on. @throws when it does not understand */
  put(path: string, order: object): Promise<object> {
    return this.order('PUT', path, order);
  }

  private async order<Answer>(method: string, path: string, order: object): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(this.adminUrl + path, { method, headers, body: JSON.stringify(order) });
    if (!answer.ok) throw new Error(`The simulator answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }

  async remove(): Promise<void> {
    this.process.kill('SIGTERM');
    await ended(this.process);
    await dropDatabase(this.database);
  }
}

const run = (file: string, environment: Record<string, string>) =>
  spawn(process.execPath, [`${ENTRY}/${file}`], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });

const ended = (child: ChildProcess) =>
  new Promise<void>((resolve, reject) => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${child.spawnargs[1]} ended with ${code}`)),
    );
  });

function portsOf(child: ChildProcess): Promise<{ port: number; adminPort: number }> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('The simulator did not start in time.')), START_LIMIT);
    child.once('exit', (code) => reject(new Error(`The simulator ended with ${code} (is dist/ built?)`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const { msg, port, adminPort } = JSON.parse(line) as { msg: string; port?: number; adminPort?: number };
      if (msg !== 'listening' || port === undefined || adminPort === undefined) return;
      clearTimeout(late);
      resolve({ port, adminPort });
    });
  });
}
