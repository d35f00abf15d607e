import { parseRecordKeys, type RecordKeys, SlipwayError } from '@slipway/core';
import type { InputReader } from './inputs.ts';

export const RECORD_KEY_INPUT = 'record-key';

/** The keys in the input `record-key`, which several actions have; undefined if there are none. */
export function readRecordKeys(reader: InputReader): RecordKeys | undefined {
  try {
    return parseRecordKeys(reader.text(RECORD_KEY_INPUT));
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    for (const { message, remedy } of error.problems)
      reader.problem(RECORD_KEY_INPUT, message.replace(/^input "record-key" /, ''), remedy ?? '');
    return undefined;
  }
}
