import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { ServiceDatabase } from './databases.js';

/**
 * What was last applied to a database is noted as its comment: in the database itself, so that it goes where that goes.
 * The note also holds the database's and the role's object ids and depends on the password, so a restored copy or a
 * role that was made anew is prepared again.
 */
export class SchemaMarks {
  private constructor(
    private readonly server: pg.Client,
    private readonly rows: ReadonlyMap<string, Row>,
  ) {}

  static async read(server: pg.Client, databases: readonly ServiceDatabase[]): Promise<SchemaMarks> {
    const { rows } = await server.query<Row & { name: string }>(
      `select d.datname as name, d.oid::text || '/' || r.oid::text as identity, shobj_description(d.oid, 'pg_database') as mark
       from pg_database d join pg_roles r on r.rolname = d.datname where d.datname = any($1)`,
      [databases.map(({ name }) => name)],
    );
    return new SchemaMarks(server, new Map(rows.map((row) => [row.name, row])));
  }

  has(database: ServiceDatabase, schema: string): boolean {
    const row = this.rows.get(database.name);
    return row !== undefined && row.mark === markOf(database, row.identity, schema);
  }

  /** To be called on marks that were read after the work. */
  async write(database: ServiceDatabase, schema: string): Promise<void> {
    const row = this.rows.get(database.name);
    if (!row) throw new Error(`${database.name} has no database or no role of this name after its migration.`);
    const mark = pg.escapeLiteral(markOf(database, row.identity, schema));
    await this.server.query(`comment on database ${pg.escapeIdentifier(database.name)} is ${mark}`);
  }
}

interface Row {
  identity: string;
  mark: string | null;
}

const digest = (...parts: (string | Buffer)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
};

const markOf = ({ password }: ServiceDatabase, identity: string, schema: string) =>
  `prepared for ${digest(identity, schema, password)}`;

/** Of everything that can decide how a service's schema looks: its migrations, our libraries, the packages' versions. */
export function schemaOf(dist: string, service: string): string {
  const app = join(dist, 'apps', service, 'src');
  const lockfile = join(dist, '..', 'package-lock.json');
  const files = [
    join(app, 'migrate.js'),
    ...compiledBelow(join(app, 'migrations')),
    ...compiledBelow(join(dist, 'libs')),
  ];
  if (existsSync(lockfile)) files.push(lockfile);
  return digest(...files.flatMap((file) => [file.slice(dist.length), readFileSync(file)]));
}

function compiledBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') && !name.endsWith('.spec.js'))
    .sort()
    .map((name) => join(folder, name));
}
