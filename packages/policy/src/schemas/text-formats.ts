import { isIP } from 'node:net';
import { compilePattern, isDate, isDateTime, parseUrl } from '@slipway/cel';
import { nameForms } from '@slipway/kubernetes';

const uuid = (version: string): RegExp =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{12}$`, 'i');
const ANY_VARIANT = '[0-9a-f]{4}-?[0-9a-f]{4}-?';

const patterns: Readonly<Record<string, RegExp>> = {
  bsonobjectid: /^[0-9a-fA-F]{24}$/,
  byte: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/,
  duration:
    /^(?:[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)|\d+\s*(?:ns|nanos?|us|µs|μs|micros?|ms|millis?|s|secs?|m|mins?|h|hr|hrs|hours?|d|days?|w|wk|weeks?))$/,
  hexcolor: /^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/,
  mac: /^(?:[0-9a-fA-F]{2}([:-])(?:[0-9a-fA-F]{2}\1){4}(?:[0-9a-fA-F]{2}\1[0-9a-fA-F]{2}\1)?[0-9a-fA-F]{2}|(?:[0-9a-fA-F]{4}\.){2,3}[0-9a-fA-F]{4})$/,
  ssn: /^\d{3}[- ]?\d{2}[- ]?\d{4}$/,
  uuid: uuid(ANY_VARIANT),
  uuid3: uuid(`3[0-9a-f]{3}-?[0-9a-f]{4}-?`),
  uuid4: uuid(`4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?`),
  uuid5: uuid(`5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?`),
};

/** The family of an address as Go reads one: zeros may lead its decimal parts, and no zone may follow. */
function familyOf(text: string): number {
  if (text.includes('%')) return 0;
  const plain = text.replace(/(?:\d{1,9}\.){3}\d{1,9}$/, quad => quad.split('.').map(Number).join('.'));
  return isIP(plain);
}

function isCidr(text: string): boolean {
  const [address = '', prefix = '', ...more] = text.split('/');
  const family = familyOf(address);
  return (
    more.length === 0 &&
    family !== 0 &&
    /^\d{1,9}$/.test(prefix) &&
    Number(prefix) <= (family === 4 ? 32 : 128)
  );
}

/** https://github.com/kubernetes/kube-openapi/blob/43fb72c5454a/pkg/validation/strfmt/default.go#L57 */
const hostname =
  '^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)|([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$';

function isHostname(text: string): boolean {
  const short =
    Buffer.byteLength(text) <= 255 && text.split('.').every(label => Buffer.byteLength(label) <= 63);
  return short && compilePattern(hostname).test(text);
}

const tests: Readonly<Record<string, (text: string) => boolean>> = {
  ...Object.fromEntries(
    Object.entries(patterns).map(([name, pattern]) => [name, (text: string) => pattern.test(text)]),
  ),
  cidr: isCidr,
  // The part of net/mail's syntax that people use.
  email: text => /^(?:[^<>]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/.test(text),
  hostname: isHostname,
  date: isDate,
  datetime: isDateTime,
  ipv4: text => familyOf(text) !== 0 && text.includes('.'),
  ipv6: text => familyOf(text) === 6,
  uri: text => parseUrl(text) !== undefined,
};

/** Formats that were added later, with the minor version that added them. */
const laterTests: Readonly<Record<string, readonly [since: number, test: (text: string) => boolean]>> = {
  k8sshortname: [34, text => nameForms.dns1123Label.validate(text).length === 0],
  k8slongname: [34, text => nameForms.dns1123Subdomain.validate(text).length === 0],
};

/** Longer texts are not matched against a pattern: no value of these formats is that long. */
const MAX_LENGTH = 4096;

/**
 * Whether a text has a `format` of a CustomResourceDefinition. An API server ignores formats that it does not know; ISBN, credit
 * card numbers and names of colours are ignored here too.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/validation/formats.go#L33
 */
export function hasFormat(text: string, format: string, minor: number): boolean {
  const name = format.replaceAll('-', '');
  const [since, later] = laterTests[name] ?? [];
  const test = later !== undefined && minor >= (since ?? 0) ? later : tests[name];
  return test === undefined || (text.length <= MAX_LENGTH && test(text));
}
