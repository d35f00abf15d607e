import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';

/** Validates by the schema of OASIS, whose draft-04 dialect differs only in the names of some keywords. */
export function sarifProblems(sarif: unknown): unknown[] {
  const path = new URL('fixtures/sarif-schema-2.1.0.json', import.meta.url);
  const { id: _id, $schema: _dialect, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
  const validate = new Ajv({
    strict: false,
    formats: { uri: true, 'uri-reference': true, 'date-time': true },
  }).compile(schema);
  return validate(sarif) ? [] : (validate.errors ?? []);
}
