import { secretSpans, snakeCase } from './secret-spans.ts';
import { isStandIn } from './stand-ins.ts';

/** Names of variables and keys whose values are secrets. */
const NAMES =
  /(?:^|[._-])(?:passw(?:or)?d|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|auth|dsn|connection[_-]?string)(?:[._-]?(?:base|key|value|b64|[0-9]))?$/i;

/** Whether a value is likely to be a secret or to hold one, by what it is called or what it looks like. Nothing says so for certain. */
export function looksSecret(name: string, value: string): boolean {
  return secretSpans(value).length > 0 || (NAMES.test(snakeCase(name)) && !isStandIn(value));
}
