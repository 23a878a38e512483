import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Finding, Service } from '../invariant.js';
import type { Snapshot } from '../look/snapshot.js';
import { judgeCatalogue, type TenantTable } from './catalogue.js';

const quote = pg.escapeIdentifier;
const INSUFFICIENT_PRIVILEGE = '42501';
/** Strangers' rows that are counted at most. */
const MOST = 1_000;

/**
 * Row-level security of a service's database, from the catalogue and by looking through the door of a tenant, and of
 * none, with the rights of the service's own role.
 */
export async function tenancyOf(service: Service, snapshot: Snapshot): Promise<Finding[]> {
  return snapshot.apart(async () => {
    const { tenantTables, violations } = await asService(snapshot, () => judgeCatalogue((sql) => snapshot.rows(sql)));
    const sentences = [...violations];
    for (const table of tenantTables) sentences.push(...(await strangersIn(table, snapshot)));
    if (sentences.length === 0) return [];
    return [
      {
        invariant: 'I8',
        broken: `ways around the tenants in ${service}'s database`,
        remedy:
          'Stop the service until it is mended: it may show one organization what belongs to another. A table needs `protectTenantTable`, a role the attributes that `npm start` gives it.',
        found: sentences.length,
        atLeast: false,
        examples: sentences,
      },
    ];
  });
}

async function strangersIn({ name, published }: TenantTable, snapshot: Snapshot): Promise<string[]> {
  const [some] = await snapshot.rows<{ tenant_id: string }>(
    `select tenant_id from ${quote(name)} where tenant_id is not null limit 1`,
  );
  const tenantId = some?.tenant_id ?? randomUUID();
  const hidden = published ? ` and not coalesce(${published}, false)` : '';
  const seen = (condition: string, as: string) =>
    asService(snapshot, async () => {
      await snapshot.rows(`select set_config('app.tenant_id', $1, true)`, [as]);
      const [row] = await snapshot.rows<{ rows: number }>(
        `select count(*)::int as rows from (select from ${quote(name)} where ${condition}${hidden} limit ${MOST}) as seen`,
      );
      return row?.rows ?? 0;
    }).catch((error: { code?: string }) => {
      // What the service may not read at all, such as the outbox, hides everything.
      if (error.code === INSUFFICIENT_PRIVILEGE) return 0;
      throw error;
    });
  const other = await seen(`tenant_id is distinct from ${pg.escapeLiteral(tenantId)}`, tenantId);
  const unset = await seen('true', '');
  return [
    ...(other > 0 ? [`${name}: the tenant ${tenantId} sees ${upTo(other)} rows of others`] : []),
    ...(unset > 0 ? [`${name}: ${upTo(unset)} rows are seen though nothing is set`] : []),
  ];
}

const upTo = (rows: number) => (rows === MOST ? `${MOST} or more` : String(rows));

/** With the rights of the service's role, which bears the database's name, and with row-level security. */
const asService = <T>(snapshot: Snapshot, look: () => Promise<T>): Promise<T> =>
  snapshot.apart(async () => {
    await snapshot.rows('set local row_security = on');
    await snapshot.rows(`select set_config('role', current_database(), true)`);
    return look();
  });
