import { StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { validationFailed } from './field-errors.js';
import type { JsonReader } from './json-body.js';
import { ReceivedBody } from './received-body.js';
import { refuseUnstorable } from './unstorable-text.js';

/** Reads bodies and judges bodies and queries by the operation's schema. Pipes run after the guards, so this comes last. */
export class RequestPipe extends StandardSchemaValidationPipe {
  constructor(private readonly readJson: JsonReader) {
    super({ exceptionFactory: (issues) => validationFailed(issues as never) });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (value instanceof ReceivedBody) return super.transform(this.readJson(value) as T, metadata);
    if (metadata.type === 'query') refuseUnstorable(value);
    return super.transform(value, metadata);
  }

  /** The reader has refused such keys, without recursion. */
  protected override stripProtoKeys(): void {}
}
