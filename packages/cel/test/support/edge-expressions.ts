import fc from 'fast-check';
import { EDGE_VALUES } from './edge-values.ts';

type Name = keyof typeof EDGE_VALUES;

/** Calls of every function; `{name}` stands for one of the values of that name. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  arithmetic: [
    ...['+', '-', '*', '/', '%'].flatMap(op => [`{int} ${op} {int}`, `{uint} ${op} {uint}`]),
    ...['+', '-', '*', '/'].map(op => `{double} ${op} {double}`),
    ...['<', '<=', '>', '>=', '==', '!='].flatMap(op => [
      `dyn({int}) ${op} {double}`,
      `dyn({double}) ${op} {uint}`,
      `dyn({int}) ${op} {uint}`,
      `{double} ${op} {double}`,
      `{text} ${op} {text}`,
      `b{text} ${op} b{text}`,
    ]),
    ...[
      '-({int})',
      '-({double})',
      '{double} in {doubleList}',
      'dyn({int}) in {doubleList}',
      '{int} + {double}',
    ],
    ...[
      '{intList} + {intList}',
      '{text} + {part}',
      '{intList}[{small}]',
      'dyn({intList})[{double}]',
      '{intList}[{uint}]',
    ],
    ...[
      '{{uint}: 1}[{int}]',
      'dyn({{int}: 1})[{double}]',
      '{{int}: 1, {int}: 2}',
      '{double} in dyn({{int}: 1})',
    ],
  ],
  conversions: [
    ...[
      'int({double})',
      'int({uint})',
      'uint({double})',
      'uint({int})',
      'double({int})',
      'double({uint})',
      'string({double})',
    ],
    ...[
      'string({int})',
      'string({uint})',
      'int({integerText})',
      'uint({integerText})',
      'double({doubleText})',
      'bool({boolText})',
    ],
    ...[
      'bytes({text})',
      'string(bytes({text}))',
      "string(b'\\xff\\xfe')",
      "string(b'\\xe4')",
      'size({text})',
      'size(b{text})',
    ],
    ...[
      'double({integerText})',
      'int({doubleText})',
      'string({boolText} == "true")',
      'type({mixedList})',
      'string(b"\\xed\\xa0\\x80")',
    ],
  ],
  times: [
    ...[
      'timestamp({timestampText})',
      'timestamp({timestampText})',
      'string(timestamp({timestampText}))',
      'int(timestamp({timestampText}))',
    ],
    ...[
      'timestamp({int})',
      'duration({durationText})',
      'duration({durationText})',
      'string(duration({durationText}))',
      'int(duration({durationText}))',
    ],
    ...[
      'duration({int})',
      'timestamp({timestampText}) - timestamp({timestampText})',
      'timestamp({timestampText}) + duration({durationText})',
    ],
    ...[
      'timestamp({timestampText}) - duration({durationText})',
      'duration({durationText}) + duration({durationText})',
    ],
    ...[
      'duration({durationText}) - duration({durationText})',
      'timestamp({timestampText}) < timestamp({timestampText})',
    ],
    ...[
      'timestamp({timestampText}) == timestamp({timestampText})',
      'duration({durationText}) <= duration({durationText})',
      'duration({durationText}) + timestamp({timestampText})',
    ],
    ...[
      'getFullYear',
      'getMonth',
      'getDayOfYear',
      'getDayOfMonth',
      'getDate',
      'getDayOfWeek',
      'getHours',
      'getMinutes',
      'getSeconds',
      'getMilliseconds',
    ].flatMap(name => [`timestamp({timestampText}).${name}()`, `timestamp({timestampText}).${name}({zone})`]),
    ...['getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'].map(
      name => `duration({durationText}).${name}()`,
    ),
  ],
  quantities: [
    ...[
      'quantity({quantityText})',
      'isQuantity({quantityText})',
      'quantity({quantityText}).isInteger()',
      'quantity({quantityText}).asInteger()',
    ],
    ...[
      'quantity({quantityText}).asApproximateFloat()',
      'quantity({quantityText}).sign()',
      'sign(quantity({quantityText}))',
    ],
    ...['compareTo', 'isLessThan', 'isGreaterThan', 'add', 'sub'].map(
      name => `quantity({quantityText}).${name}(quantity({quantityText}))`,
    ),
    ...['add', 'sub'].flatMap(name => [
      `quantity({quantityText}).${name}({int})`,
      ...['isInteger', 'asInteger', 'asApproximateFloat'].map(
        then => `quantity({quantityText}).${name}(quantity({quantityText})).${then}()`,
      ),
      `quantity({quantityText}).${name}({int}).asInteger()`,
      `sign(quantity({quantityText}).${name}(quantity({quantityText})))`,
    ]),
    ...[
      'quantity({quantityText}) == quantity({quantityText})',
      'quantity({quantityText}).add({int}).sub({int}).isInteger()',
    ],
  ],
  addresses: [
    ...[
      'ip({ipText})',
      'isIP({ipText})',
      'string(ip({ipText}))',
      'ip.isCanonical({ipText})',
      'ip({ipText}).family()',
      'ip({ipText}) == ip({ipText})',
    ],
    ...['isUnspecified', 'isLoopback', 'isLinkLocalMulticast', 'isLinkLocalUnicast', 'isGlobalUnicast'].map(
      name => `ip({ipText}).${name}()`,
    ),
    ...[
      'cidr({cidrText})',
      'isCIDR({cidrText})',
      'string(cidr({cidrText}))',
      'cidr({cidrText}).ip()',
      'cidr({cidrText}).masked()',
    ],
    ...[
      'cidr({cidrText}).prefixLength()',
      'cidr({cidrText}).containsIP({ipText})',
      'cidr({cidrText}).containsIP(ip({ipText}))',
    ],
    ...[
      'cidr({cidrText}).containsCIDR({cidrText})',
      'cidr({cidrText}).containsCIDR(cidr({cidrText}))',
      'cidr({cidrText}) == cidr({cidrText})',
    ],
    ...['cidr({cidrText}).masked() == cidr({cidrText})', 'cidr({cidrText}).ip().family()'],
  ],
  urls: [
    ...['isURL({urlText})', 'url({urlText})', 'url({urlText}) == url({urlText})'],
    ...['getScheme', 'getHost', 'getHostname', 'getPort', 'getEscapedPath', 'getQuery'].map(
      name => `url({urlText}).${name}()`,
    ),
  ],
  versions: [
    ...[
      'semver({semverText})',
      'isSemver({semverText})',
      'semver({semverText}, true)',
      'isSemver({semverText}, true)',
      'semver({semverText}, false)',
    ],
    ...['major', 'minor', 'patch'].flatMap(name => [
      `semver({semverText}).${name}()`,
      `semver({semverText}, true).${name}()`,
    ]),
    ...['compareTo', 'isLessThan', 'isGreaterThan'].map(
      name => `semver({semverText}).${name}(semver({semverText}))`,
    ),
    'semver({semverText}) == semver({semverText})',
  ],
  patterns: [
    ...[
      '{text}.matches({pattern})',
      '{text}.find({pattern})',
      '{text}.findAll({pattern})',
      '{text}.findAll({pattern}, {small})',
      'matches({text}, {pattern})',
    ],
    '{text}.matches(dyn({pattern}))',
  ],
  texts: [
    ...[
      '{text}.charAt({small})',
      '{text}.indexOf({part})',
      '{text}.indexOf({part}, {small})',
      '{text}.lastIndexOf({part})',
      '{text}.lastIndexOf({part}, {small})',
    ],
    ...[
      '{text}.substring({small})',
      '{text}.substring({small}, {small})',
      '{text}.replace({part}, {part})',
      '{text}.replace({part}, {part}, {small})',
    ],
    ...[
      '{text}.split({part})',
      '{text}.split({part}, {small})',
      '{text}.trim()',
      '{text}.lowerAscii()',
      '{text}.upperAscii()',
      'strings.quote({text})',
    ],
    ...[
      '{text}.startsWith({part})',
      '{text}.endsWith({part})',
      '{text}.contains({part})',
      '{textList}.join({part})',
      '{textList}.join()',
      '{text}.size()',
      '{text}.reverse()',
    ],
    ...['int', 'uint', 'double', 'text', 'mixedList', 'doubleList', 'textList'].flatMap(name => [
      `{template}.format([{${name}}])`,
      `{template}.format([dyn({${name}}), dyn({text})])`,
    ]),
    ...[
      '{template}.format([b{text}])',
      '{template}.format([true])',
      '{template}.format([null])',
      '{template}.format([duration({durationText})])',
    ],
    ...[
      '{template}.format([timestamp({timestampText})])',
      '{template}.format([[timestamp({timestampText})]])',
      '{template}.format([])',
      '{template}.format([type({int})])',
    ],
    ...[
      '{template}.format([{{int}: {double}}])',
      '{template}.format([{{text}: {text}}])',
      '{template}.format([[b{text}]])',
      '{template}.format([[{uint}]])',
    ],
    ...['{template}.format([quantity({quantityText})])', '{template}.format([[duration({durationText})]])'],
  ],
  lists: [
    ...['intList', 'uintList', 'doubleList', 'textList', 'mixedList'].flatMap(list => [
      ...['sum', 'min', 'max', 'isSorted', 'sort', 'reverse', 'distinct', 'size', 'first', 'last'].map(
        name => `{${list}}.${name}()`,
      ),
      `dyn({${list}}).sort()`,
      `dyn({${list}}).max()`,
      `dyn({${list}}).sum()`,
      `{${list}}.slice({small}, {small})`,
      `{${list}}.sortBy(x, x)`,
    ]),
    ...[
      '{intList}.indexOf({int})',
      '{doubleList}.indexOf({double})',
      '{doubleList}.lastIndexOf({double})',
      '{mixedList}.indexOf(dyn({int}))',
    ],
    ...[
      '{mixedList}.flatten()',
      '[[{intList}]].flatten({small})',
      'lists.range(3)',
      'lists.range(-1)',
      '{mixedList}.flatten({small})',
    ],
    ...[
      '[duration({durationText}), duration({durationText})].sum()',
      '[timestamp({timestampText})].min()',
      '[duration({durationText}), duration({durationText})].max()',
    ],
  ],
  sets: [
    ...['contains', 'equivalent', 'intersects'].flatMap(name => [
      `sets.${name}({intList}, {intList})`,
      `sets.${name}({doubleList}, {doubleList})`,
      `sets.${name}(dyn({mixedList}), dyn({doubleList}))`,
      `sets.${name}(dyn({mixedList}), dyn({intList}))`,
    ]),
  ],
  optionals: [
    ...[
      'optional.of({double})',
      'optional.ofNonZeroValue({double})',
      'optional.ofNonZeroValue({int})',
      'optional.ofNonZeroValue({text})',
    ],
    ...[
      'optional.ofNonZeroValue({mixedList})',
      'optional.of({int}) == optional.of({int})',
      '{intList}[?{small}]',
      '{intList}[?{small}].value()',
    ],
    ...[
      '{intList}[?{small}].orValue({int})',
      'optional.none().value()',
      'optional.ofNonZeroValue({uint}).hasValue()',
      'optional.ofNonZeroValue(duration({durationText}))',
    ],
    ...[
      'optional.ofNonZeroValue(b{text})',
      'optional.ofNonZeroValue(timestamp({timestampText}))',
      'optional.of({int}).optMap(x, x + {int})',
      '{{int}: 1}[?{int}]',
      '[?optional.ofNonZeroValue({int}), {int}]',
    ],
    ...[
      'optional.of(1).or(optional.of({int}))',
      'optional.ofNonZeroValue(null)',
      '{intList}.first().value()',
    ],
  ],
};

const ALL_CALLS = Object.values(CALLS).flat();
const LETTERS = [...' +-.,:/%@#?=0123456789abeEiKkmMnsTuvxzZ[]_~\u00e4'];

/** A text one letter away from one of the values. */
const almost = fc
  .tuple(fc.nat(), fc.constantFrom(...LETTERS), fc.nat(2))
  .map(([at, letter, kind]) => (literal: string) => {
    const text: string = JSON.parse(literal);
    const index = at % (text.length + 1);
    return JSON.stringify(
      text.slice(0, index) + (kind === 0 ? '' : letter) + text.slice(index + (kind === 1 ? 0 : 1)),
    );
  });

/** Texts that are parsed are changed now and then. */
const PARSED = /Text$|^template$|^pattern$/;

function anyOf(name: Name): fc.Arbitrary<string> {
  const value = fc.constantFrom(...(EDGE_VALUES[name] as readonly string[]));
  if (!PARSED.test(name)) return value;
  const changed = fc
    .tuple(value, almost)
    .map(([text, change]) => change(text))
    // Half of a letter beyond 16 bits cannot be sent to the server, and exponents of three digits are refused here on purpose.
    .filter(text => !/\\ud[89a-f]/.test(text) && !/[eE][+-]?\d{3,}/.test(text));
  return fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: changed });
}

function filled(call: string): fc.Arbitrary<string> {
  const parts = call.split(/\{([a-zA-Z]+)\}/);
  return fc
    .tuple(...parts.map((part, index) => (index % 2 === 0 ? fc.constant(part) : anyOf(part as Name))))
    .map(texts => texts.join(''));
}

/** Calls of functions with values at the edges of what they take. */
export const edgeExpressions: fc.Arbitrary<string> = fc.constantFrom(...ALL_CALLS).chain(filled);
