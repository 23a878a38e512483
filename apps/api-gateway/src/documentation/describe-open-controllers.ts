import { applyDecorators, type Type } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { openDescriptionOf, type OpenDescription } from './describe-open.js';

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

const JSON_BODY = { 'application/json': {} };

const decoratorsOf = ({ summary, kind }: OpenDescription): MethodDecorator =>
  applyDecorators(
    ApiTags('platform'),
    ApiOperation({ summary }),
    ApiResponse({ status: 200, description: 'OK', content: JSON_BODY }),
    ...(kind === 'health' ? [ApiResponse({ status: 503, description: 'Something is down', content: JSON_BODY })] : []),
  );
