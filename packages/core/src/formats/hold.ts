import type { FromSchema } from 'json-schema-to-ts';
import { type Problem, throwIfAny } from '../errors.ts';
import { canonicalJson } from '../json.ts';
import { quote } from '../quote.ts';
import { API_VERSION, timeSchema } from './common.ts';
import { type FormatErrorCode, parseStepFile } from './validate.ts';

/** The schema of a hold inside another file. */
export const embeddedHoldSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['by', 'reason', 'since'],
  description: 'Who keeps a formation as it is: nothing but a rollback is applied until the hold is lifted.',
  properties: {
    by: { type: 'string', minLength: 1, description: 'Who set it.' },
    reason: { type: 'string', minLength: 1 },
    since: timeSchema,
    until: { ...timeSchema, description: 'When it ends by itself; absent if it has to be lifted.' },
    run: { type: 'string', description: 'The address of the run that set it.' },
  },
} as const;

const holdSchema = {
  ...embeddedHoldSchema,
  $id: 'https://slipway.dev/schemas/v1/hold.json',
  title: 'Hold',
} as const;

/** The media type of a hold as an OCI artifact. */
export const HOLD_ARTIFACT_TYPE = 'application/vnd.slipway.hold.v1+json';

const storedHoldSchema = {
  $id: 'https://slipway.dev/schemas/v1/stored-hold.json',
  title: 'StoredHold',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'application', 'formation', 'destination'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'StoredHold' },
    application: { type: 'string' },
    formation: { type: 'string' },
    destination: { type: 'string' },
    hold: { ...embeddedHoldSchema, description: 'Absent once it was lifted.' },
  },
} as const;

/** The hold of a formation at one destination, as a registry keeps it for the day on which the cluster is lost. */
export type StoredHold = FromSchema<typeof storedHoldSchema>;

/** @throws SlipwayError `format-not-json`, `format-invalid`, `format-unknown-field` */
export function parseStoredHold(text: string, name: string): StoredHold {
  const stored = parseStepFile<StoredHold>(storedHoldSchema, text, name);
  throwIfAny(stored.hold === undefined ? [] : holdProblems(stored.hold, name));
  return stored;
}

export type Hold = FromSchema<typeof embeddedHoldSchema>;

/**
 * Reads a hold as `formatHold` writes it.
 * @param name what messages call it
 * @throws SlipwayError `format-not-json`, `format-invalid`, `format-unknown-field`
 */
export function parseHold(text: string, name: string): Hold {
  const hold = parseStepFile<Hold>(holdSchema, text, name);
  throwIfAny(holdProblems(hold, name));
  return hold;
}

/** What of a hold has the right form and still cannot be used: its times. */
export function holdProblems({ since, until }: Hold, name: string): Problem<FormatErrorCode>[] {
  const times = Object.entries({ since, ...(until === undefined ? {} : { until }) });
  return times
    .filter(([, time]) => Number.isNaN(Date.parse(time)))
    .map(([field, time]) => ({
      code: 'format-invalid',
      message: `${quote(field)} of ${quote(name)} is ${quote(time)}, which is not a time`,
    }));
}

export function formatHold(hold: Hold): string {
  return JSON.stringify(hold);
}

/** Whether a hold still refuses what is deployed. Its end is compared with the clock of the run that asks. */
export function isInForce({ until }: Hold, now: Date): boolean {
  return until === undefined || now.getTime() < Date.parse(until);
}

/** The hold that ends later; the first if both end at the same time or never. */
export function longerHold(first: Hold, second: Hold): Hold {
  const end = ({ until }: Hold): number =>
    until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until);
  return end(second) > end(first) ? second : first;
}

/** Whether two holds say the same, or there is neither. */
export function isSameHold(first: Hold | undefined, second: Hold | undefined): boolean {
  if (first === undefined || second === undefined) return first === second;
  return canonicalJson(first) === canonicalJson(second);
}
