import { parseRecordKeys, type RecordKeys } from '@slipway/core';
import type { InputReader } from './inputs.ts';

export const RECORD_KEY_INPUT = 'record-key';

/** The keys in the input `record-key`, which several actions have; undefined if there are none. */
export function readRecordKeys(reader: InputReader): RecordKeys | undefined {
  return reader.parse(RECORD_KEY_INPUT, () => parseRecordKeys(reader.text(RECORD_KEY_INPUT)));
}
