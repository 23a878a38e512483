import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, type Type } from '@nestjs/common';
import { generateServiceKeys, OperationGuard } from '@app/auth';
import { operation, type Operation as Contract } from '@app/contracts';
import { z } from 'zod';
import { InternalGet } from './internal-route.decorator.js';
import { openService } from './open-service.js';
import { Operation } from './operation.decorator.js';

const base = { tag: 't', service: 'ticket-api', summary: '', method: 'GET', access: 'anyone' } as const;
const one = operation({ ...base, id: 'one', path: '/one', responses: { 200: z.any() } });
const two = operation({ ...base, id: 'two', path: '/two', responses: { 200: z.any() } });
const ruled = operation({
  ...one,
  id: 'ruled',
  path: '/orders/:orderId',
  access: { resource: 'order', param: 'orderId', anyOf: ['self'] },
});
const keys = generateServiceKeys(['ticket-api'])['ticket-api'];

async function start(controller: Type, operations: readonly Contract[]): Promise<void> {
  @Module({ controllers: [controller] })
  class Service {}
  const config = { port: 0, internalPort: 0, host: '127.0.0.1', logLevel: 'silent', ...keys } as const;
  const service = await openService({ name: 'ticket-api', module: () => Service, operations }, config);
  await service.close();
}

@Controller()
class OnlyOne {
  @Operation(one)
  one() {}
}

it('a route of which nothing is known lets nobody in, should it ever be served', () => {
  const context = { getHandler: () => () => undefined, switchToHttp: () => ({ getRequest: () => ({}) }) };
  expect(new OperationGuard({} as never, {} as never, {} as never, {} as never).canActivate(context as never)).toBe(
    false,
  );
});

describe('a service does not start when', () => {
  it('a route states no rule', async () => {
    @Controller()
    class Unruled {
      @Get('/api/v1/free')
      free() {}
    }
    await expect(start(Unruled, [])).rejects.toThrow('Unruled.free has no access rule');
  });

  it('an operation has no handler', async () => {
    await expect(start(OnlyOne, [one, two])).rejects.toThrow('Operation two has no handler');
  });

  it('an operation has two handlers', async () => {
    @Controller()
    class Twice {
      @Operation(one)
      first() {}
      @Operation(one)
      second() {}
    }
    await expect(start(Twice, [one])).rejects.toThrow('Operation one has several handlers: Twice.first, Twice.second');
  });

  it('it handles an operation that is not its own', async () => {
    await expect(start(OnlyOne, [])).rejects.toThrow('operation one is not one of this service');
  });

  it('a rule asks for a resource and nobody judges it', async () => {
    @Controller()
    class Ruled {
      @Operation(ruled)
      ruled() {}
    }
    await expect(start(Ruled, [ruled])).rejects.toThrow('nothing provides RESOURCE_AUTHORIZER');
  });

  it('a controller adds a path of its own to that of the contract', async () => {
    @Controller('v2')
    class Prefixed {
      @Operation(one)
      one() {}
    }
    await expect(start(Prefixed, [one])).rejects.toThrow('use @Controller()');
  });

  it('the contract has operations of it that are not handled, unless a subset is given', async () => {
    @Module({})
    class Nothing {}
    const config = { port: 0, internalPort: 0, host: '127.0.0.1', logLevel: 'silent', ...keys } as const;
    await expect(openService({ name: 'ticket-api', module: () => Nothing }, config)).rejects.toThrow(
      'Operation placeOrder has no handler',
    );
  });
});

describe('a service starts when', () => {
  it('every operation has its handler', async () => {
    await expect(start(OnlyOne, [one])).resolves.toBeUndefined();
  });

  it('operations that differ by their path only share one', async () => {
    @Controller()
    class Shared {
      @Operation(one, two)
      both() {}
    }
    await expect(start(Shared, [one, two])).resolves.toBeUndefined();
    expect(() => Operation(one, ruled)).toThrow('ruled is no alias of one');
  });
});

it('an internal route lies below /internal/', () => {
  expect(() => InternalGet('/keys')).toThrow('/internal/');
});
