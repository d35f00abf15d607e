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
    release: { type: 'integer', minimum: 1, description: 'The newest release at that time.' },
    released: { ...timeSchema, description: 'When that release was recorded.' },
    incomplete: {
      const: true,
      description: 'The removal stopped on its way, or left objects: what is there now is not known.',
    },
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

/**
 * Whether a removal took away the release that a verdict is on. Numbers begin again after it, and clocks of runners differ: the release
 * that was the newest is known by when it was recorded, one with a higher number came later, and of one with a lower number the times
 * are compared.
 */
export function hasRemoved(
  { at, namespace, release, released = at }: Pick<Removal, 'at' | 'namespace' | 'release' | 'released'>,
  verdict: Pick<Verdict, 'released' | 'started' | 'namespace' | 'release' | 'rolledBackTo'>,
): boolean {
  if (namespace !== verdict.namespace) return false;
  const { rolledBackTo } = verdict;
  const number = rolledBackTo?.as ?? verdict.release;
  const recorded = rolledBackTo?.released ?? verdict.released;
  if (release !== undefined && number !== undefined && number > release) return false;
  if (release !== undefined && number === release && recorded !== undefined) return recorded === released;
  return Date.parse(verdict.released ?? verdict.started) < Date.parse(released);
}
