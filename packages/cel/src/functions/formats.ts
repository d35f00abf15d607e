import { nameForms } from '@slipway/kubernetes';
import { FormatValue, Optional, type Value } from '../values/values.ts';
import type { Library } from './function-table.ts';

import { parseUrl } from './urls.ts';

const UUID_PATTERN = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const CLOCK = /^(\d{2}):(\d{2}):(\d{2})(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/;

export function isDate(text: string): boolean {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year === '' || Number(month) < 1 || Number(month) > 12 || Number(day) < 1) return false;
  const date = new Date(0);
  // Day 0 of the next month is the last of this one; setUTCFullYear, since Date.UTC reads years below 100 as 19xx.
  date.setUTCFullYear(Number(year), Number(month), 0);
  return Number(day) <= date.getUTCDate();
}

/** https://github.com/kubernetes/kube-openapi/blob/43fb72c5454a/pkg/validation/strfmt/time.go#L30 */
export function isDateTime(text: string): boolean {
  const [date = '', time] = text.toLowerCase().split('t');
  const match = time === undefined || !isDate(date) ? null : CLOCK.exec(time);
  if (match === null) return false;
  const [, hour = '', minute = '', second = ''] = match;
  return hour <= '23' && minute <= '59' && second <= '59';
}

function requestUri(text: string): readonly string[] {
  if (text === '') return ['parse "": empty url'];
  return parseUrl(text) === undefined ? [`parse ${JSON.stringify(text)}: invalid URI for request`] : [];
}

function unless(holds: (text: string) => boolean, message: string): (text: string) => readonly string[] {
  return text => (holds(text) ? [] : [message]);
}

interface Form {
  readonly name: string;
  readonly validate: (text: string) => readonly string[];
  /** The length of its pattern, for the cost of a validation. */
  readonly patternLength: number;
}

/** Formats by their names in expressions: https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/library/format.go#L141 */
const forms: Readonly<Record<string, Form>> = {
  ...nameForms,
  uri: { name: 'URI', validate: requestUri, patternLength: 1103 },
  uuid: {
    name: 'uuid',
    validate: unless(text => UUID_PATTERN.test(text), 'does not match the UUID format'),
    patternLength: 76,
  },
  byte: {
    name: 'byte',
    validate: unless(text => BASE64.test(text), 'invalid base64'),
    patternLength: 84,
  },
  date: { name: 'date', validate: unless(isDate, 'invalid date'), patternLength: 77 },
  datetime: { name: 'datetime', validate: unless(isDateTime, 'invalid datetime'), patternLength: 77 },
};

const VALUES = new Map(
  Object.entries(forms).map(([key, { name, validate }]) => [key, new FormatValue(name, validate)]),
);
const PATTERN_LENGTHS = new Map(Object.values(forms).map(({ name, patternLength }) => [name, patternLength]));

function validate(format: FormatValue, text: string): Value {
  const problems = format.validate(text);
  return problems.length === 0 ? Optional.none : new Optional(problems);
}

function validationCost([format, text]: readonly Value[]): number {
  const length = PATTERN_LENGTHS.get((format as FormatValue).name) ?? 0;
  return Math.ceil((1 + (text as string).length) * 0.1) * Math.ceil(length * 0.25);
}

function named(name: string): Value {
  const value = VALUES.get(name);
  return value === undefined ? Optional.none : new Optional(value);
}

export const formats: Library = {
  since: 31,
  functions: [
    ['format.named(string): optional<Format>', named],
    ['Format.validate(string): optional<list<string>>', validate, validationCost],
    ...[...VALUES].map(([name, value]): Library['functions'][number] => [
      `format.${name}(): Format`,
      () => value,
    ]),
  ],
};
