import { Injectable } from '@nestjs/common';
import type { Transaction } from '@app/persistence';
import type { ObjectPrefix } from './object-id.js';
import { invalidRequest } from './stripe-error.js';

type Node = Record<string, unknown>;
type Load = (transaction: Transaction, id: string) => Promise<object>;

/**
 * Puts whole objects in the place of their ids: https://docs.stripe.com/api/expanding_objects. Each feature says how its
 * objects are loaded.
 */
@Injectable()
export class Expander {
  private readonly loaders = new Map<string, Load>();

  /** `key` is the prefix of ids, or `<object>.<field>` for a field that is only there when it is asked for. */
  register(key: ObjectPrefix | `${string}.${string}`, load: Load): void {
    this.loaders.set(key, load);
  }

  /** @throws StripeError 400 for a path that leads to nothing that can be expanded. */
  async expand(transaction: Transaction, object: object, paths: string[] = []): Promise<object> {
    for (const path of paths) await this.walk(transaction, object as Node, path.split('.'));
    return object;
  }

  private async walk(transaction: Transaction, node: Node, [field, ...rest]: string[]): Promise<void> {
    if (field === undefined) return;
    if (Object.hasOwn(node, field) && node[field] === null) return;
    const load = this.loaderOf(node, field);
    if (load) node[field] = await load(transaction);
    const next = Object.hasOwn(node, field) ? node[field] : undefined;
    const isList = Array.isArray(next);
    if (typeof next !== 'object' || (!load && !isList && rest.length === 0)) throw cannotExpand(field);
    for (const child of isList ? next : [next]) await this.walk(transaction, child as Node, rest);
  }

  private loaderOf(node: Node, field: string): ((transaction: Transaction) => Promise<object>) | undefined {
    const value = Object.hasOwn(node, field) ? node[field] : undefined;
    const included = this.loaders.get(`${String(node['object'])}.${field}`);
    if (included && value === undefined) return (transaction) => included(transaction, String(node['id']));
    if (typeof value !== 'string' || field === 'id') return undefined;
    const byId = this.loaders.get(value.split('_', 1)[0] as string);
    return byId && ((transaction) => byId(transaction, value));
  }
}

const cannotExpand = (field: string) =>
  invalidRequest(
    `This property cannot be expanded (${field}). You may want to try expanding one of the properties that holds an id.`,
    { param: 'expand' },
  );
