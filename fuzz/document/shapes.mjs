import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const ANSWERS = 'https://answers.example/';
const REQUESTS = 'https://requests.example/';

/** Whether requests and answers are as an OpenAPI document says. */
export class Shapes {
  constructor({ components }) {
    this.ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
    addFormats.default(this.ajv);
    this.ajv.addSchema({ $id: ANSWERS, components: placed({ schemas: closed(components.schemas) }, ANSWERS) });
    this.ajv.addSchema({ $id: REQUESTS, components: placed({ schemas: components.schemas }, REQUESTS) });
    this.compiled = new Map();
  }

  /** @returns undefined, or what of a JSON answer is not as declared; a property that is not declared counts */
  wrongAnswer(schema, value) {
    return this.judge(schema, value, ANSWERS);
  }

  /** @returns undefined, or what of a request's body is not as declared */
  wrongRequest(schema, value) {
    return this.judge(schema, value, REQUESTS);
  }

  judge(schema, value, where) {
    const compiled = this.compiled.get(schema) ?? {};
    this.compiled.set(schema, compiled);
    const fits = (compiled[where] ??= this.ajv.compile(placed(where === ANSWERS ? closed(schema) : schema, where)));
    if (fits(value)) return undefined;
    const [{ instancePath, message, params }] = fits.errors;
    const extra = params.additionalProperty === undefined ? '' : ` (${params.additionalProperty})`;
    return `${instancePath || 'the body'} ${message}${extra}`;
  }
}

/** An answer's object has the properties that are declared and no others, unless the document says that it may. */
function closed(schema) {
  return everywhere(schema, (part) =>
    part.type === 'object' && part.properties && !part.allOf && part.additionalProperties === undefined
      ? { ...part, additionalProperties: false }
      : part,
  );
}

const placed = (schema, where) =>
  everywhere(schema, (part) =>
    typeof part.$ref === 'string' && part.$ref.startsWith('#') ? { ...part, $ref: where + part.$ref } : part,
  );

function everywhere(value, change) {
  if (Array.isArray(value)) return value.map((one) => everywhere(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, everywhere(one, change)])));
}
