import { applyDecorators, SerializeOptions } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

/** What a route answers: strips everything that the schema does not name, and documents it. */
export const Returns = (schema: z.ZodType, { status = 200 }: { status?: number } = {}) =>
  applyDecorators(
    SerializeOptions({ schema }),
    ApiResponse({
      status,
      schema: z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as object,
    }),
  );
