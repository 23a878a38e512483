import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RoutePort } from './route-config.js';

interface KnownPath {
  pattern: RegExp;
  port: RoutePort;
  methods: Set<string>;
}

/** The paths that a service serves, to tell a wrong method (405 with `Allow`) from a path that names nothing (404). */
export class KnownPaths {
  private readonly paths = new Map<string, KnownPath>();

  watch(instance: FastifyInstance): void {
    instance.addHook('onRoute', ({ url, method, config }) => {
      const port = config?.port ?? 'public';
      const known = this.paths.get(url) ?? { pattern: patternOf(url), port, methods: new Set() };
      for (const each of [method].flat()) known.methods.add(each);
      this.paths.set(url, known);
    });
  }

  /** Methods that the request's path takes on the port that it came in by. */
  methodsFor(request: FastifyRequest): string[] {
    const path = request.url.split('?', 1)[0] ?? '';
    const fitting = [...this.paths.values()].filter(
      ({ pattern, port }) => (port === 'both' || port === request.arrivedOn) && pattern.test(path),
    );
    return [...new Set(fitting.flatMap(({ methods }) => [...methods]))].sort();
  }
}

/** Route patterns here have literal segments and whole-segment parameters only. */
function patternOf(url: string): RegExp {
  const segments = url.split('/').map((segment) => {
    if (segment.startsWith(':')) return '[^/]+';
    return segment === '*' ? '.*' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${segments.join('/')}$`);
}
