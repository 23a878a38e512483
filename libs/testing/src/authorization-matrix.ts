import {
  IDENTITY_HEADER,
  IdentityTokens,
  ServiceKeys,
  type ApiKey,
  type Principal,
  type ServiceKeyMaterial,
} from '@app/auth';
import type { Operation, Role } from '@app/contracts';
import { API_PREFIX } from '@app/http';
import { Pool } from 'undici';
import type { TestDatabase } from './test-database.js';

/** What an answer says of who asked: `allowed` is every one that is not about the caller. */
export type Verdict = 'unauthenticated' | 'forbidden' | 'suspended' | 'not-found' | 'allowed';
export type MatrixTenant = 'ours' | 'theirs' | 'suspended';

export interface MatrixCaller {
  name: string;
  as: Principal | null;
  tenant?: MatrixTenant;
  role?: Role;
  isAdmin?: boolean;
  isForged?: boolean;
}

export interface MatrixTarget {
  name: string;
  tenant: MatrixTenant;
  /** Of paths, by their names. */
  params: Readonly<Record<string, string>>;
  /** Who bought. */
  buyerId: string;
}

interface MatrixAnswer {
  status: number;
  body: { code?: string } | undefined;
}

/** The service under judgement, at its public port. */
export interface MatrixService {
  name: string;
  url: string;
  /** Of the gateway, which says who calls. */
  gatewayKeys: ServiceKeyMaterial;
}

/** Every operation, asked about every target by every caller, but for what `isAsked` leaves out. */
export interface Matrix<Target extends MatrixTarget> {
  db: TestDatabase;
  service: MatrixService;
  operations: readonly Operation[];
  callers: readonly MatrixCaller[];
  targets: readonly Target[];
  isAbout: (op: Operation, target: Target) => boolean;
  /** The rule told a second time; the code under test is not asked. */
  expected: (op: Operation, caller: MatrixCaller, target: Target) => Verdict;
  /** Whether an answer that is wanted may be asked for: one that would change something is the spec's of its feature. */
  isAsked: (op: Operation, wanted: Verdict) => boolean;
  /** Of the path, beside the target's own. */
  paramsOf?: (op: Operation, target: Target) => Record<string, string>;
  /** With its question mark; none unless told otherwise. */
  queryOf?: (op: Operation, target: Target) => string;
  bodyOf: (op: Operation, target: Target) => object | undefined;
  /** Tables that timers write to meanwhile. */
  unwatched?: readonly string[];
  /** Another verdict that is as good: what one may see need not be there. */
  isAsGood?: (op: Operation, wanted: Verdict, got: string) => boolean;
}

/**
 * Asks everything there is to ask. @returns in sentences: verdicts that are others, ids that were told to strangers, tables that
 * changed; and how much was asked
 */
export async function judgeMatrix<Target extends MatrixTarget>(
  matrix: Matrix<Target>,
): Promise<{ faults: string[]; asked: number }> {
  const faults: string[] = [];
  let asked = 0;
  const asking = new Asking(matrix.service);
  const before = await fingerprint(matrix.db);
  for (const op of matrix.operations) {
    const about = matrix.targets.filter((target) => matrix.isAbout(op, target));
    for (const target of about) {
      const path =
        pathOf(op, { ...target.params, ...matrix.paramsOf?.(op, target) }) + (matrix.queryOf?.(op, target) ?? '');
      const body = matrix.bodyOf(op, target);
      const judge = async (caller: MatrixCaller) => {
        const wanted = matrix.expected(op, caller, target);
        if (!matrix.isAsked(op, wanted)) return;
        asked += 1;
        const answer = await asking.ask(op.method, path, body, caller);
        const got = verdictOf(answer);
        if (got !== wanted && !matrix.isAsGood?.(op, wanted, got))
          faults.push(`${op.id} of ${target.name} by ${caller.name}: ${got} instead of ${wanted}`);
        if (op.access !== 'anyone')
          faults.push(...leaks(op, caller, matrix.targets, answer, path + JSON.stringify(body)));
      };
      await Promise.all(matrix.callers.filter((caller) => saysMore(caller, target)).map(judge));
    }
  }
  await asking.close();
  const after = await fingerprint(matrix.db);
  faults.push(
    ...Object.keys(after)
      .filter((table) => after[table] !== before[table] && !matrix.unwatched?.includes(table))
      .map((table) => `${table} has changed`),
  );
  return { faults, asked };
}

/** Of the two organizations that a target does not belong to one suffices; what is theirs is to them as what is ours is to us. */
const saysMore = ({ tenant }: MatrixCaller, target: MatrixTarget) =>
  tenant === undefined || tenant === target.tenant || tenant === (target.tenant === 'theirs' ? 'ours' : 'theirs');

/** Requests as the gateway would forward them; several thousand, which `fetch` would take twice as long for. */
class Asking {
  private readonly pool: Pool;
  private readonly identities: IdentityTokens;

  constructor(private readonly service: MatrixService) {
    this.pool = new Pool(service.url, { connections: 32 });
    this.identities = new IdentityTokens(new ServiceKeys('api-gateway', service.gatewayKeys));
  }

  async ask(
    method: Operation['method'],
    path: string,
    content: object | undefined,
    { as, isForged }: MatrixCaller,
  ): Promise<MatrixAnswer> {
    const token = isForged ? 'e30.e30.e30' : as && (await this.identities.sign(as, this.service.name));
    const headers = {
      ...(token ? { [IDENTITY_HEADER]: token } : {}),
      ...(content ? { 'content-type': 'application/json' } : {}),
    };
    const body = content ? JSON.stringify(content) : null;
    const answer = await this.pool.request({ method, path: API_PREFIX + path, headers, body });
    const text = await answer.body.text();
    const isJson = /\bjson\b/.test(String(answer.headers['content-type'] ?? ''));
    return { status: answer.statusCode, body: isJson && text ? (JSON.parse(text) as { code?: string }) : undefined };
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}

export const isKey = (as: Principal | null): as is ApiKey => as !== null && 'keyId' in as;
export const idOf = ({ as }: MatrixCaller) => (as && 'userId' in as ? as.userId : undefined);
/** Whether a key has all scopes that the operation asks for; a person needs none. */
export const hasScopes = ({ scopes }: Operation, as: Principal | null) =>
  !isKey(as) || (scopes?.every((scope) => as.scopes.includes(scope)) ?? false);

/** @throws for a parameter that nobody fills in: teach the matrix. */
function pathOf({ id, path }: Operation, params: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`The matrix does not know how to fill in :${name} of ${id}.`);
    return value;
  });
}

const CODES: Readonly<Record<string, Verdict>> = {
  unauthenticated: 'unauthenticated',
  forbidden: 'forbidden',
  'organization-suspended': 'suspended',
  'not-found': 'not-found',
};

const verdictOf = ({ status, body }: MatrixAnswer): string =>
  status >= 500 ? `${status}` : (CODES[body?.code ?? ''] ?? 'allowed');

/** Ids of a tenant that an answer to somebody with no part in it tells, beyond those that the request named. */
function leaks(
  { id }: Operation,
  caller: MatrixCaller,
  targets: readonly MatrixTarget[],
  { body }: MatrixAnswer,
  named: string,
): string[] {
  if (caller.isAdmin) return [];
  const text = JSON.stringify(body ?? '');
  return targets.flatMap(({ name, tenant, params, buyerId }) => {
    if (caller.tenant === tenant || idOf(caller) === buyerId) return [];
    const told = Object.values(params).filter((value) => text.includes(value) && !named.includes(value));
    return told.map((value) => `${id} by ${caller.name} tells ${value} of ${name}`);
  });
}

/** Table → count and checksum of its rows. */
async function fingerprint(db: TestDatabase): Promise<Record<string, string>> {
  const tables = await db.asOwner<{ name: string }>(
    `select quote_ident(relname) as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  );
  const parts = tables.map(
    ({ name }) =>
      `select '${name}' as name, count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as rows from ${name} t`,
  );
  const rows = await db.asOwner<{ name: string; rows: string }>(parts.join(' union all '));
  return Object.fromEntries(rows.map(({ name, rows: found }) => [name, found]));
}
