import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';

/** https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN; aliases and keys of several regions too. */
const ARN =
  /^arn:aws(?:-[a-z]+){0,3}:kms:[a-z]{2,4}(?:-[a-z]+){1,3}-\d{1,2}:\d{12}:(?:key\/[A-Za-z0-9-]{1,64}|alias\/[A-Za-z0-9/_-]{1,256})$/;
const ROLE = /^arn:aws(?:-[a-z]+){0,3}:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;
/** What a line can say of a context; KMS itself allows more. */
const CONTEXT_WORD = /^[\w./=+@-]{1,128}$/;

type Context = Readonly<Record<string, string>>;

/**
 * One way to write a key of AWS KMS with all that a file may bring: the key, the role that is assumed for it, and the encryption
 * context, sorted. Undefined for what no line can say.
 */
function nameOf(arn: string, role: string, context: Context): string | undefined {
  const pairs = Object.entries(context);
  const isPlain = pairs.every(pair => pair.every(word => CONTEXT_WORD.test(word)));
  if (!ARN.test(arn) || (role !== '' && !ROLE.test(role)) || !isPlain) return undefined;
  const sorted = pairs.map(([key, value]) => `${key}:${value}`).sort();
  return [
    arn,
    ...(role && [`role=${role}`]),
    ...(sorted.length > 0 ? [`context=${sorted.join(',')}`] : []),
  ].join(' ');
}

/** Reads `<arn> [role=<arn>] [context=app:shop,env:production]`. */
export function kmsNameOfLine(text: string): string | undefined {
  const [arn = '', ...rest] = text.split(/\s+/);
  const options = new Map(rest.map(option => splitAt(option, '=')));
  const isKnown = [...options.keys()].every(name => name === 'role' || name === 'context');
  if (!isKnown || options.size !== rest.length || [...options.values()].includes('')) return undefined;
  const context = parseContext(options.get('context') ?? '');
  return context && nameOf(arn, options.get('role') ?? '', context);
}

function parseContext(text: string): Context | undefined {
  const pairs = text === '' ? [] : text.split(',').map(pair => splitAt(pair, ':'));
  const context = Object.fromEntries(pairs);
  return pairs.some(pair => pair.includes('')) || Object.keys(context).length !== pairs.length
    ? undefined
    : context;
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** An entry with a profile has no name: the profile would be one of the runner's own files. */
export function kmsNameOfEntry({
  arn,
  role = '',
  context = {},
  aws_profile = '',
}: JsonObject): string | undefined {
  if (typeof arn !== 'string' || typeof role !== 'string' || aws_profile !== '') return undefined;
  return isTexts(context) ? nameOf(arn, role, context) : undefined;
}

function isTexts(value: JsonValue): value is Record<string, string> {
  return isJsonObject(value) && Object.values(value).every(text => typeof text === 'string');
}

/** Whether any file that this key encrypted can be opened by whoever may commit here. */
export function hasNoContext(name: string): boolean {
  return !name.includes(' context=');
}
