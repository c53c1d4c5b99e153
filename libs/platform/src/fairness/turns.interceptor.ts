import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { finalize, Observable } from 'rxjs';
import { callCarrier } from '../http/caller.ts';
import { Turns } from './turns.ts';

/** Half of the standard pool, so that no one person can hold all connections to the database. */
const limits = { served: 5, waiting: 100 };
const lastingKey = 'entrada:lasting';

/** For a call that waits for a model: it has a limit of its own, and must not stand in the way of Stop. */
export const Lasting = () => SetMetadata(lastingKey, true);

/** Calls of one person take turns, over HTTP and over sockets. */
@Injectable()
export class TurnsInterceptor implements NestInterceptor {
  private readonly turns = new Turns(limits);

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const userId = callCarrier(context).caller?.userId;
    if (userId === undefined || Reflect.hasMetadata(lastingKey, context.getHandler())) return next.handle();
    return inTurn(this.turns, userId, next);
  }
}

/** Whoever is gone when their turn comes, as a socket that was closed, gives it back. */
export const inTurn = (turns: Turns, key: string, next: CallHandler): Observable<unknown> =>
  new Observable((caller) => {
    const serve = async (): Promise<void> => {
      const end = await turns.take(key);
      if (caller.closed) end();
      else caller.add(next.handle().pipe(finalize(end)).subscribe(caller));
    };
    serve().catch((refusal: unknown) => caller.error(refusal));
  });
