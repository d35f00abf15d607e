import type { FromSchema } from 'json-schema-to-ts';
import { type Problem, throwIfAny } from '../errors.ts';
import { quote } from '../quote.ts';
import { timeSchema } from './common.ts';
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
