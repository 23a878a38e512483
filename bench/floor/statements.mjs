import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import pg from 'pg';

/** Whether the tool of PostgreSQL is there; without it the statements run through `pg`, in this process. */
export const hasPgbench = isThere();

/**
 * Statements a second that `clients` connections reach with a script of pgbench's: a few `\set name random(1, …)`, then one
 * statement, prepared. @param variables by name; @param session settings of each connection
 */
export function statementsPerSecond(script, { url, clients, seconds, variables, session = {} }) {
  const run = hasPgbench ? withPgbench : withPg;
  return run(script, { url, clients, seconds, variables, session });
}

function isThere() {
  try {
    execFileSync('pgbench', ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

async function withPgbench(script, { url, clients, seconds, variables, session }) {
  const { hostname, port, username, password, pathname } = new URL(url);
  const given = Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
  const child = spawn(
    'pgbench',
    [
      ...['-n', '-M', 'prepared', '-c', clients, '-j', Math.min(2, clients), '-T', seconds, '-f', script, ...given],
      ...['-h', hostname, '-p', port, '-U', decodeURIComponent(username), pathname.slice(1)],
    ].map(String),
    {
      env: {
        ...process.env,
        PGPASSWORD: decodeURIComponent(password),
        PGOPTIONS: Object.entries(session)
          .map(([name, value]) => `-c ${name}=${value}`)
          .join(' '),
      },
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  const rate = /^tps = ([\d.]+)/m.exec(output)?.[1];
  if (code !== 0) throw new Error(`pgbench ended with ${code}: ${output.slice(0, 500)}`);
  // On a busy machine the time can be over before all clients are in: once more, for longer.
  return rate ? Number(rate) : withPgbench(script, { url, clients, variables, session, seconds: seconds * 2 });
}

async function withPg(script, { url, clients, seconds, variables, session }) {
  const { text, valuesOf } = readScript(readFileSync(script, 'utf8'), variables);
  const options = Object.entries(session).map(([name, value]) => `-c ${name}=${value}`);
  const all = Array.from(
    { length: clients },
    () => new pg.Client({ connectionString: url, options: options.join(' ') }),
  );
  await Promise.all(all.map((client) => client.connect()));
  let count = 0;
  const begin = performance.now();
  await Promise.all(
    all.map(async (client) => {
      for (; performance.now() < begin + seconds * 1000; count += 1)
        await client.query({ name: 'floor', text, values: valuesOf() });
    }),
  );
  const rate = (count * 1000) / (performance.now() - begin);
  await Promise.all(all.map((client) => client.end()));
  return rate;
}

/** What pgbench would make of it: `:name` is a parameter, `\set` draws a number for each statement. */
export function readScript(script, variables) {
  const drawn = [...script.matchAll(/^\\set (\w+) random\(1, :(\w+)\)$/gm)].map(([, name, most]) => [name, most]);
  const names = [];
  const text = script.replaceAll(/^\\set .*$/gm, '').replaceAll(/(?<!:):([a-z]\w*)/g, (_, name) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  const draw = () =>
    Object.fromEntries(drawn.map(([name, most]) => [name, 1 + Math.floor(Math.random() * variables[most])]));
  return {
    text: text.trim(),
    valuesOf: () => {
      const all = { ...variables, ...draw() };
      return names.map((name) => String(all[name]));
    },
  };
}
