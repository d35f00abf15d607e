import { mulberry32, pick } from './random.ts';

/** Random expressions of the policy language, the same for a seed; most are well typed, some on purpose are not. */
export function generateExpressions(seed: number, count: number): string[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () => {
    const writer = new Writer(random);
    const type = pick(random, ['bool', 'bool', 'bool', 'string', 'string', 'int', 'list', 'double']);
    if (type === 'bool') return writer.write('bool', 4);
    if (type === 'string') return writer.write('string', 4);
    if (type === 'list') return `${writer.write('texts', 4)}.join('|')`;
    return `string(${writer.write(type as Type, 4)})`;
  });
}

type Type =
  | 'bool'
  | 'int'
  | 'double'
  | 'string'
  | 'texts'
  | 'ints'
  | 'optional'
  | 'duration'
  | 'time'
  | 'quantity'
  | 'map';

/** A production: each `$type` is written again, `#` is a name that is free, `@` the innermost one. */
const productions: Readonly<Record<Type, readonly string[]>> = {
  bool: [
    'true',
    'false',
    '$int < $int',
    '$int <= $int',
    '$int == $int',
    '$int != $int',
    '$double > $double',
    '$int > $double',
    '$string == $string',
    '$string < $string',
    '$string.startsWith($string)',
    '$string.endsWith($string)',
    '$string.contains($string)',
    "$string.matches('$regex')",
    '$string in $texts',
    '$int in $ints',
    '$string in $map',
    '($bool) && ($bool)',
    '($bool) || ($bool)',
    '!($bool)',
    '($bool) ? $bool : $bool',
    '$texts.all(#, $bool)',
    '$texts.exists(#, @ == $string)',
    '$ints.exists_one(#, @ > $int)',
    '$ints.all(#, @ >= $int)',
    'has(object.spec.replicas)',
    'has(object.spec.nothing)',
    'has(object.metadata.labels.app)',
    'has($map.a)',
    '$optional.hasValue()',
    'sets.contains($texts, $texts)',
    'sets.intersects($ints, $ints)',
    'sets.equivalent($texts, $texts)',
    '$ints.isSorted()',
    '$texts.isSorted()',
    'isURL($string)',
    'isIP($string)',
    'isCIDR($string)',
    'isQuantity($string)',
    'isSemver($string)',
    '$duration < $duration',
    '$time < $time',
    '$quantity.isLessThan($quantity)',
    '$quantity == $quantity',
    '$texts == $texts',
    '$ints == $ints',
    '$map == $map',
    'format.dns1123Label().validate($string).hasValue()',
    "ip.isCanonical('10.0.0.1')",
    "cidr('10.0.0.0/8').containsIP('10.1.2.3')",
    '$ints.all(#, #, $bool)',
    '$map.exists(#, # == $string)',
    'dyn($int) == dyn($string)',
    '[$optional] == [$optional]',
    'variables.three == $int',
    'request.operation == $string',
    'type($int) == int',
    'type($string) == type($int)',
    'bool($string)',
    "int('12') == $int",
  ],
  int: [
    '0',
    '1',
    '-1',
    '2',
    '7',
    '255',
    '-9223372036854775808',
    '9223372036854775807',
    '0x1f',
    'size($string)',
    'size($ints)',
    '$texts.size()',
    '$map.size()',
    '($int + $int)',
    '($int - $int)',
    '($int * $int)',
    '($int / $int)',
    '($int % $int)',
    '-($int)',
    '($bool ? $int : $int)',
    '$string.indexOf($string)',
    '$string.lastIndexOf($string)',
    '$string.indexOf($string, $int)',
    'int($string)',
    'int($double)',
    '$ints.sum()',
    '$ints.min()',
    '$ints.max()',
    '$texts.indexOf($string)',
    '$ints.lastIndexOf($int)',
    'object.spec.replicas',
    'int(object.spec.replicas)',
    'variables.three',
    '$ints[$int]',
    "semver('1.2.3').minor()",
    "duration('90m').getMinutes()",
    '$time.getFullYear()',
    '$time.getDayOfWeek()',
    '$optional.optMap(#, size(@)).orValue($int)',
    '$map.?a.orValue($int)',
    'object.spec.template.spec.containers.size()',
    '$quantity.sign()',
    '$quantity.asInteger()',
    '[$int, $int, $int][$int]',
  ],
  double: [
    '0.0',
    '1.5',
    '-2.25',
    '1e3',
    '1.0e-7',
    '($double + $double)',
    '($double - $double)',
    '($double * $double)',
    '($double / $double)',
    'double($int)',
    'double($string)',
    '-($double)',
    '($bool ? $double : $double)',
    '[$double, $double].max()',
    '$quantity.asApproximateFloat()',
  ],
  string: [
    "''",
    "'a'",
    "'abc'",
    "'Hello, World'",
    "'  x '",
    "'1'",
    "'-7'",
    "'é𝄞'",
    "'a.b/c'",
    "'100m'",
    "'10.0.0.1'",
    "'1.2.3'",
    "'https://a.b/c?d=e'",
    'object.metadata.name',
    'object.kind',
    '($string + $string)',
    '$string.substring($int)',
    '$string.substring($int, $int)',
    '$string.replace($string, $string)',
    '$string.replace($string, $string, $int)',
    '$string.lowerAscii()',
    '$string.upperAscii()',
    '$string.trim()',
    '$string.charAt($int)',
    '$texts.join($string)',
    '$texts.join()',
    'string($int)',
    'string($double)',
    'string($bool)',
    'string($duration)',
    'string($time)',
    "'%s and %d'.format([$string, $int])",
    "'%.2f %e'.format([$double, $double])",
    "'%s'.format([variables.names])",
    "'%s'.format([{'a': $int}])",
    '$texts[$int]',
    '($bool ? $string : $string)',
    "$string.find('$regex')",
    '$optional.orValue($string)',
    '$optional.value()',
    'strings.quote($string)',
    "url('https://a.b:8080/c?d=e').getHost()",
    'object.metadata.labels[$string]',
    '$map.map(#, @).sort().join()',
    "string(b'abc')",
    'string(ip($string))',
    'variables.names[$int]',
    "$string.split(',').join(';')",
  ],
  texts: [
    '[$string]',
    '[$string, $string]',
    '[?$optional, $string]',
    '$string.split($string)',
    '$string.split($string, $int)',
    '$texts.map(#, $string)',
    '$texts.map(#, @ + $string)',
    '$texts.filter(#, $bool)',
    '$texts.filter(#, @ != $string)',
    '$ints.map(#, string(@))',
    '($texts + $texts)',
    "$string.findAll('$regex')",
    "$string.findAll('$regex', $int)",
    'variables.names',
    'object.spec.template.spec.containers.map(#, @.name)',
    '$texts.slice($int, $int)',
    '$texts.sort()',
    '$texts.distinct()',
    '$texts.reverse()',
    '[$texts, $texts].flatten()',
    '$texts.sortBy(#, size(@))',
    '$texts.transformList(#, @)',
    '($bool ? $texts : $texts)',
  ],
  ints: [
    '[1]',
    '[3, 1, 2]',
    '[$int, $int]',
    '$ints.map(#, @ * 2)',
    '$ints.map(#, @ > 1, @ + $int)',
    '$ints.filter(#, @ > $int)',
    '($ints + $ints)',
    '$texts.map(#, size(@))',
    'lists.range(4)',
    '$ints.sort()',
    '$ints.reverse()',
    '$ints.distinct()',
    '$ints.slice($int, $int)',
    '$ints.sortBy(#, -@)',
    '($bool ? $ints : $ints)',
  ],
  optional: [
    'optional.of($string)',
    'optional.none()',
    'optional.ofNonZeroValue($string)',
    'object.metadata.?labels[?$string]',
    'object.?nothing.?more',
    '$texts[?$int]',
    '$optional.or($optional)',
    'optional.of($int).optMap(#, string(@))',
    "{'a': 'b'}[?$string]",
    '$texts.first()',
    '$texts.last()',
    '$optional.optFlatMap(#, optional.of(@))',
  ],
  duration: [
    "duration('1h')",
    "duration('90s')",
    "duration('-1.5s')",
    '($duration + $duration)',
    '($time - $time)',
    'duration($string)',
  ],
  time: [
    "timestamp('2024-02-29T12:34:56Z')",
    "timestamp('1999-12-31T23:59:59.999+02:00')",
    '($time + $duration)',
    '($time - $duration)',
    'timestamp($string)',
  ],
  quantity: [
    "quantity('1')",
    "quantity('500m')",
    "quantity('1Gi')",
    "quantity('-2k')",
    '$quantity.add($quantity)',
    '$quantity.sub($int)',
    'quantity($string)',
  ],
  map: [
    "{'a': 1}",
    "{'a': $int, 'b': $int}",
    '{$string: $int}',
    "{?'a': optional.of($int)}",
    '$map.transformMap(#, #, @ + 1)',
    "{'x': $int}.transformMap(#, #, @)",
  ],
};

const regexes = [
  'a',
  '^a',
  'b+$',
  '[a-z]+',
  '(a|b)*c',
  '\\\\\\\\d+',
  '.',
  '^$',
  '(?i)HELLO',
  'x*',
  '(',
  '[^,]+',
];
const types = Object.keys(productions) as readonly Type[];

class Writer {
  readonly #random: () => number;
  readonly #names: string[] = [];
  #made = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  write(type: Type, depth: number): string {
    // Now and then something of another type, to compare what is refused and what fails.
    const chosen = this.#random() < 0.02 ? pick(this.#random, types) : type;
    const all = productions[chosen];
    const simple = all.filter(text => !text.includes('$') && !text.includes('#'));
    return this.#fill(pick(this.#random, depth <= 0 && simple.length > 0 ? simple : all), depth - 1);
  }

  #fill(production: string, depth: number): string {
    const before = this.#names.length;
    const text = production.replace(/\$(\w+)|#|@/g, (whole, type: string | undefined) => {
      if (whole === '#') return this.#name();
      if (whole === '@') return this.#names.at(-1) ?? 'x';
      if (type === 'regex') return pick(this.#random, regexes);
      return this.write(type as Type, depth);
    });
    this.#names.length = before;
    return text;
  }

  #name(): string {
    this.#made += 1;
    this.#names.push(`v${this.#made}`);
    return `v${this.#made}`;
  }
}
