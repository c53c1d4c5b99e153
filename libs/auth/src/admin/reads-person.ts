import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { mergeMap, type Observable } from 'rxjs';
import { AuditLog } from '#audit';
import { callCarrier } from '#platform';

const readsPersonKey = 'entrada:reads-person';

/** Records that somebody reads what is kept about another person, before it is shown: what cannot be recorded is not. */
@Injectable()
export class PersonReading implements NestInterceptor {
  constructor(private readonly audit: AuditLog) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const what = Reflect.getMetadata(readsPersonKey, context.getHandler()) as string;
    const { id } = context.switchToHttp().getRequest<FastifyRequest>().params as { id: string };
    const isAnother = callCarrier(context).caller?.userId !== id;
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        if (isAnother)
          await this.audit.record({
            action: 'user.viewed',
            resource: { type: 'user', id },
            details: { what },
          });
        return answer;
      }),
    );
  }
}

/** On a route that answers with what is kept about the person `:id`. */
export const ReadsPerson = (what: 'details' | 'sessions' | 'audit_logs' | 'usage' | 'roles') =>
  applyDecorators(SetMetadata(readsPersonKey, what), UseInterceptors(PersonReading));
