import { readFile } from 'node:fs/promises';
import type { StepResult } from '@slipway/testbed/runner';

/** What the values of tests begin with that have one form, so that a leak is found whatever they are called. */
const MARK = 'leaky-';

/** The marked bytes as they are, in hexadecimal and in base64, where a value may begin at any of three bits. */
const MARKED = new RegExp(
  [
    `${MARK}[\\w-]*`,
    `${Buffer.from(MARK).toString('hex')}\\w*`,
    ...[0, 1, 2].map(offset => `${encodedAfter(offset)}[\\w+/=-]*`),
  ].join('|'),
  'g',
);

/** The digits of base64 that depend on the mark alone, after so many other bytes. */
function encodedAfter(offset: number): string {
  const bytes = Buffer.from(`${'\0'.repeat(offset)}${MARK}`);
  const first = Math.ceil((offset * 8) / 6);
  return bytes.toString('base64').slice(first, Math.floor((bytes.length * 8) / 6));
}

/** Each value of the form `leaky-…` that a text has. */
export function leakyIn(text: string): string[] {
  return text.match(MARKED) ?? [];
}

/** Every form in which a value could appear. */
function formsOf(value: string | Buffer): string[] {
  const bytes = Buffer.from(value);
  const lines = typeof value === 'string' ? [value, ...value.split('\n')] : [];
  return [
    bytes.toString('base64'),
    bytes.toString('base64url'),
    ...lines.flatMap(line => [line, JSON.stringify(line).slice(1, -1), encodeURIComponent(line)]),
  ].filter(form => form !== '');
}

/** The forms of some values that a text has. */
export function formsIn(text: string, values: readonly (string | Buffer)[]): string[] {
  return values.flatMap(formsOf).filter(form => text.includes(form));
}

/** All that a step wrote for people or for later steps, without the commands that mask. */
export async function shownBy(result: StepResult): Promise<string> {
  const plan = await readFile(result.outputs['plan'] || '/dev/null', 'utf8').catch(() => '');
  const raw = result.raw.replaceAll(/::add-mask::.*/g, '');
  return [raw, result.summary, plan, JSON.stringify([result.outputs, result.annotations])].join('\n');
}

/**
 * What a step showed of secrets: values of the form `leaky-…`, and others in any form.
 * @param values whose form is another
 */
export async function leaksIn(result: StepResult, values: readonly string[] = []): Promise<string[]> {
  const shown = await shownBy(result);
  return [...leakyIn(shown), ...formsIn(shown, values)];
}
