import type { FromSchema } from 'json-schema-to-ts';
import { SlipwayError } from '../errors.ts';
import { quote } from '../quote.ts';
import { API_VERSION, timeSchema } from './common.ts';
import { type FormatErrorCode, parseStepFile } from './validate.ts';
import type { Verdict } from './verdict.ts';

/** The media type of a removal as an OCI artifact. */
export const REMOVAL_ARTIFACT_TYPE = 'application/vnd.slipway.removal.v1+json';

const removalSchema = {
  $id: 'https://slipway.dev/schemas/v1/removal.json',
  title: 'Removal',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'application', 'formation', 'destination', 'namespace', 'at', 'by'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Removal' },
    application: { type: 'string' },
    formation: { type: 'string' },
    destination: { type: 'string' },
    namespace: { type: 'string' },
    at: timeSchema,
    by: { type: 'string', minLength: 1, description: 'Who removed it.' },
    reason: { type: 'string' },
    run: { type: 'string', description: 'The address of the run that removed it.' },
  },
} as const;

/** That a formation was removed from a destination, as a registry keeps it, since nothing in the cluster is left to say so. */
export type Removal = FromSchema<typeof removalSchema>;

/** @throws SlipwayError `format-not-json`, `format-invalid`, `format-unknown-field` */
export function parseRemoval(text: string, name: string): Removal {
  const removal = parseStepFile<Removal>(removalSchema, text, name);
  if (!Number.isNaN(Date.parse(removal.at))) return removal;
  throw new SlipwayError<FormatErrorCode>({
    code: 'format-invalid',
    message: `"at" of ${quote(name)} is ${quote(removal.at)}, which is not a time`,
  });
}

/** Whether a removal took away the release that a verdict is on: one that began later is not what was removed. */
export function hasRemoved(
  { at, namespace }: Pick<Removal, 'at' | 'namespace'>,
  verdict: Pick<Verdict, 'released' | 'started' | 'namespace'>,
): boolean {
  const { released = verdict.started } = verdict;
  return namespace === verdict.namespace && Date.parse(released) < Date.parse(at);
}
