/*
 * Rules of custom resources, each fitting the schema that it is written in: the same for a seed. A few fail when they run, and those
 * that name `oldSelf` are refused where no old value can be found.
 */
import { chance, pick } from './random.ts';
import type { Draft, Random } from './random-schemas.ts';

/** The names under which expressions see the fields of random schemas. */
const SEEN: Readonly<Record<string, string>> = {
  'x-y': 'x__dash__y',
  namespace: '__namespace__',
  if: '__if__',
  'a.b': 'a__dot__b',
  c__d: 'c__underscores__d',
};

export function rulesOf(schema: Draft, random: Random): Draft[] {
  const rule = ruleOf(schema, 'self', random);
  if (rule === undefined) return [];
  const details = detailsOf(schema, random);
  if (chance(random, 0.1)) return [{ rule: 'self == oldSelf', ...details }];
  if (chance(random, 0.1))
    return [{ rule: `oldSelf.hasValue() || ${rule}`, optionalOldSelf: true, ...details }];
  return [{ rule, ...details }];
}

function detailsOf({ type, properties }: Draft, random: Random): Draft {
  const names = Object.keys(properties ?? {});
  return {
    ...pick(random, [{}, {}, { message: 'must be right' }, { messageExpression: "'wrong: ' + 'again'" }]),
    ...(chance(random, 0.2)
      ? {
          reason: pick(random, [
            'FieldValueInvalid',
            'FieldValueForbidden',
            'FieldValueRequired',
            'FieldValueDuplicate',
          ]),
        }
      : {}),
    ...(type === 'object' && names.length > 0 && chance(random, 0.3)
      ? { fieldPath: `['${pick(random, names)}']` }
      : {}),
  };
}

/** An expression about a value of a schema; undefined where expressions do not see one. */
function ruleOf(schema: Draft, self: string, random: Random): string | undefined {
  if (schema['x-kubernetes-int-or-string'] === true)
    return pick(random, [
      `type(${self}) == int ? ${self} > 1 : ${self} != 'b'`,
      `${self} != 'a'`,
      `${self} == 1`,
    ]);
  switch (schema['type']) {
    case 'string':
      return textRule(schema, self, random);
    case 'integer':
      return pick(random, [
        `${self} > 0`,
        `${self} % 2 == 0`,
        `${self} != 2`,
        `${self} + 1 < 3`,
        `10 / ${self} > 3`,
      ]);
    case 'number':
      return pick(random, [
        `${self} > 0.5`,
        `${self} < 2.0`,
        `${self} != 1.0`,
        `double(int(${self})) == ${self}`,
      ]);
    case 'boolean':
      return pick(random, [self, `!${self}`, `${self} == true`]);
    case 'array':
      return listRule(schema, self, random);
    case 'object':
      return schema['additionalProperties'] === undefined
        ? objectRule(schema, self, random)
        : mapRule(schema, self, random);
    default:
      return undefined;
  }
}

function textRule({ format }: Draft, self: string, random: Random): string {
  if (format === 'date-time' || format === 'date') return `${self} < timestamp('2025-01-01T00:00:00Z')`;
  if (format === 'duration') return `${self} < duration('1h')`;
  if (format === 'byte') return `${self} != b'abc'`;
  return pick(random, [
    ...[`${self} != 'b'`, `${self}.size() < 2`, `${self}.startsWith('a')`, `${self}.matches('^[a-z]*$')`],
    ...[`${self} in ['a', 'b', '']`, `${self}.lowerAscii() == ${self}`, `${self} < 'b'`],
  ]);
}

function listRule(schema: Draft, self: string, random: Random): string {
  const { items } = schema;
  const inner = items === undefined ? undefined : ruleOf(items, 'x', random);
  const all = inner === undefined ? [] : [`${self}.all(x, ${inner})`, `${self}.exists(x, ${inner})`];
  return pick(random, [
    `${self}.size() != 2`,
    `size(${self}) > 0`,
    `${self}[0] == ${self}[0]`,
    ...all,
    ...all,
  ]);
}

function mapRule({ additionalProperties: values }: Draft, self: string, random: Random): string | undefined {
  if (typeof values !== 'object') return undefined;
  const inner = ruleOf(values, `${self}[k]`, random);
  if (inner === undefined) return undefined;
  return pick(random, [
    `${self}.all(k, k != 'b')`,
    `'a' in ${self}`,
    `${self}.size() < 3`,
    `${self}.all(k, ${inner})`,
  ]);
}

function objectRule({ properties }: Draft, self: string, random: Random): string | undefined {
  const names = Object.keys(properties ?? {}).filter(
    name => ruleOf(properties[name], 'x', random) !== undefined,
  );
  if (names.length === 0) return undefined;
  const [name, other] = [pick(random, names), pick(random, names)];
  const [field, second] = [SEEN[name] ?? name, SEEN[other] ?? other];
  const inner = ruleOf(properties[name], `${self}.${field}`, random);
  return pick(random, [
    ...[`!has(${self}.${field}) || ${inner}`, `!has(${self}.${field}) || ${inner}`],
    ...[`has(${self}.${field}) || has(${self}.${second})`, `${self}.?${field}.hasValue()`, `${inner}`],
  ]);
}
