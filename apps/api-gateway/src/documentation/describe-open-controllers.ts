import { applyDecorators, type Type } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { openDescriptionOf, type OpenDescription } from './describe-open.js';
import { jsonSchema } from './schemas.js';

/** Decorates what the gateway answers itself for the document. */
export function describeOpenControllers(controllers: readonly Type[]): readonly Type[] {
  for (const { prototype } of controllers as unknown as { prototype: object }[]) {
    for (const key of Object.getOwnPropertyNames(prototype)) {
      const descriptor = Object.getOwnPropertyDescriptor(prototype, key) as PropertyDescriptor;
      const description = openDescriptionOf(descriptor.value as object);
      if (description) decoratorsOf(description)(prototype, key, descriptor);
    }
  }
  return controllers;
}

function decoratorsOf({ summary, answer, kind }: OpenDescription): MethodDecorator {
  const content = { 'application/json': { schema: jsonSchema(answer) } };
  return applyDecorators(
    ApiTags('platform'),
    ApiOperation({ summary }),
    ApiResponse({ status: 200, description: 'OK', content }),
    ...(kind === 'health' ? [ApiResponse({ status: 503, description: 'Something is down', content })] : []),
  );
}
