import { sha256 } from '@slipway/core';
import type { FirstLogin } from '../jobs/login.ts';
import { loginsOf, withContents } from './logins.ts';

const SUM_LINE = /^# slipway:workflow ([a-z0-9-]+) ([0-9a-f]{16}): .*$/m;
const SUM_LENGTH = 16;

/** The text of a file whose first lines say who wrote it, and with a sum that shows whether someone else has changed it since. */
export function withSum(application: string, header: readonly string[], body: readonly string[]): string {
  const text = (sum: string): string => [...header, sumLine(application, sum), ...body, ''].join('\n');
  return text(sumOf(text('0'.repeat(SUM_LENGTH)), ''));
}

function sumLine(application: string, sum: string): string {
  return `# slipway:workflow ${application} ${sum}: written from slipway.yaml and formations/; only the steps in a "slipway:login" are yours and are kept.`;
}

/** The application whose workflows a file is one of; undefined for a file that someone else wrote. */
export function writtenFor(text: string): string | undefined {
  return SUM_LINE.exec(text)?.[1];
}

/** The path of slipway.yaml that a file was written from, which its steps have as an input, or by default. */
export function writtenFrom(text: string): string {
  const [, , shared, own] =
    /^ +application: (\{ type: string, default: "?([^\s",]+)|"?([^\s"{$]+))/m.exec(text) ?? [];
  return shared ?? own ?? 'slipway.yaml';
}

/**
 * What the jobs of a file logged in with at first; undefined where none did. It shows in what is outside of the logins, so the sum holds it:
 * only with the job's token are packages a permission.
 */
export function writtenLogin(text: string): FirstLogin | undefined {
  if (!/^env: \{ REGISTRY: /m.test(text)) return undefined;
  return /^ +permissions: \{.* packages: /m.test(text) ? 'token' : 'password';
}

/** Whether something outside of the login logins differs from what was written. */
export function isEdited(text: string, path: string): boolean {
  return SUM_LINE.exec(text)?.[2] !== sumOf(text, path);
}

/** The sum of all but the sum itself and what is in the login logins; a checkout may have changed the line breaks. */
function sumOf(text: string, path: string): string {
  const logins = loginsOf(text, path);
  const empty = withContents(text, logins, new Map(logins.map(({ job }) => [job, ''])));
  const bare = empty.replaceAll('\r\n', '\n').replace(SUM_LINE, line => line.replace(/[0-9a-f]{16}:/, ''));
  return sha256(bare).replace('sha256:', '').slice(0, SUM_LENGTH);
}
