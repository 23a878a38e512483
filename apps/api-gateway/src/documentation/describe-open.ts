import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

/** Describes what the gateway answers itself. `health` calls also answer 503, with the same body. */
export const describeOpen = (summary: string, kind: 'health' | 'other' = 'other') =>
  applyDecorators(
    ApiTags('platform'),
    ApiOperation({ summary }),
    ApiResponse({ status: 200, description: 'OK', content: { 'application/json': {} } }),
    ...(kind === 'health'
      ? [ApiResponse({ status: 503, description: 'Something is down', content: { 'application/json': {} } })]
      : []),
  );
