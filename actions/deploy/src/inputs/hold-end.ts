import { parseDuration, quote } from '@slipway/core';
import { type HoldEnd, LONGEST_HOLD } from '@slipway/delivery';
import type { InputReader } from '@slipway/github';

/** A time with a zone: without one it would depend on where the runner is. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** When a hold ends, as a duration from now or as a time. */
export function readHoldEnd(reader: InputReader): HoldEnd {
  const name = 'hold-until';
  const text = reader.text(name);
  if (text === '') return undefined;
  const after = parseDuration(text);
  if (after !== undefined && after > 0 && after <= LONGEST_HOLD) return { after };
  const at = new Date(TIME.test(text) && hasDay(text) ? text : Number.NaN);
  if (!Number.isNaN(at.getTime())) return { at };
  const remedy =
    'write a duration such as 8h, of ten years at most, or a time with its zone such as 2026-12-01T09:00:00Z';
  reader.problem(name, `is ${quote(text)}`, remedy);
  return undefined;
}

/** Whether the day of a time exists: `Date` takes the 30th of February for the 2nd of March. */
function hasDay(time: string): boolean {
  const [year = 0, month = 0, day = 0] = time.slice(0, 10).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}
