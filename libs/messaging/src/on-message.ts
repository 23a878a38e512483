import type { DataOf, Envelope, MessageContract } from '@app/contracts';
import { Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';

/**
 * Messages of one type and tenant that waited at the same moment, in the order of their arrival. Each bears the ids
 * (`correlationId`, `traceparent`) that what follows from it is to bear too.
 */
export type Messages<C extends MessageContract> = readonly Envelope<DataOf<C>>[];

type Handler<C extends MessageContract> = (data: DataOf<C>, envelope: Envelope<DataOf<C>>) => Promise<unknown>;
type GroupHandler<C extends MessageContract> = (messages: Messages<C>) => Promise<unknown>;

/**
 * A controller's method that acts on messages of one type, all of a group at once, each checked against the contract. It
 * runs inside the transaction of their tenant (`Database.current()`), after their inbox rows; what it writes commits with
 * those rows or not at all. Throw to be tried again, in halves: there is nothing to acknowledge, and no message fails
 * for another. Two messages of a group may be about the same thing.
 */
export const OnMessages =
  <C extends MessageContract>(contract: C) =>
  <T extends GroupHandler<C>>(target: object, method: string, descriptor: TypedPropertyDescriptor<T>): void => {
    EventPattern(contract.type, { takesGroups: true })(target, method, descriptor as PropertyDescriptor);
    Payload()(target, method, 0);
    UseFilters(new PassErrorOn())(target, method, descriptor);
  };

/**
 * The same for one message, `(data, envelope)`: called for each of a group in turn, in the one transaction. For types
 * that do not come in crowds.
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
