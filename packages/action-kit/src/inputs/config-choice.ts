import type { InputReader } from '@slipway/github';

const CHOICES = ['passed', 'head'] as const;

/** Whose stencils and config a promotion takes; undefined if it is not said, which refuses whatever is not clear. */
export function readConfigChoice(reader: InputReader): (typeof CHOICES)[number] | undefined {
  if (reader.text('config') === '') return undefined;
  return reader.choice('config', CHOICES, 'passed');
}
