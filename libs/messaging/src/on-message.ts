import type { DataOf, Envelope, MessageContract } from '@app/contracts';
import { Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';

type Handler<C extends MessageContract> = (data: DataOf<C>, envelope: Envelope<DataOf<C>>) => Promise<unknown>;

/**
 * A controller's method that acts on messages of one type: `(data, envelope)`, both checked against the contract. It
 * runs inside the transaction of the message's tenant (`Database.current()`), after the inbox row; what it writes
 * commits with that row or not at all. Throw to be tried again; there is nothing to acknowledge.
 */
export const OnMessage =
  <C extends MessageContract>(contract: C) =>
  <T extends Handler<C>>(target: object, method: string, descriptor: TypedPropertyDescriptor<T>): void => {
    EventPattern(contract.type)(target, method, descriptor as PropertyDescriptor);
    Payload()(target, method, 0);
    Ctx()(target, method, 1);
    UseFilters(new PassErrorOn())(target, method, descriptor);
  };

/** Nest's own filter would replace the error by "Internal server error", and an HTTP filter would swallow it. */
@Catch()
class PassErrorOn implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
