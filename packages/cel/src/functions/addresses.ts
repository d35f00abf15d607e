import { isIP } from 'node:net';
import { EvaluationFailure, fail } from '../values/failure.ts';
import { TEXT_FACTOR } from '../values/meter.ts';
import { AddressValue, NetworkValue, sizeOf } from '../values/values.ts';
import { readingCost, rewritingCost } from './costs.ts';
import type { Cost, Library } from './function-table.ts';

/** IPv4 in IPv6, which Kubernetes refuses. */
const MAPPED_PREFIX = 0xffffn;

function parseAddress(text: string): AddressValue | undefined {
  const family = isIP(text);
  if (family === 4) return new AddressValue(4, ipv4Bits(text));
  if (family !== 6 || text.includes('%')) return undefined;
  const bits = ipv6Bits(text);
  return bits >> 32n === MAPPED_PREFIX ? undefined : new AddressValue(6, bits);
}

function ipv4Bits(text: string): bigint {
  return text.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function ipv6Bits(text: string): bigint {
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const groups = embedded === null ? text : `${embedded[1]}${hexGroups(ipv4Bits(embedded[2] as string))}`;
  const [head = '', tail] = groups.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(zeros).fill('0'), ...after].reduce(
    (bits, group) => (bits << 16n) | BigInt(`0x${group}`),
    0n,
  );
}

function hexGroups(bits: bigint): string {
  return `${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`;
}

/** RFC 5952: lower case, and the longest run of two or more zero groups as `::`. */
export function formatAddress({ family, bits }: AddressValue): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map(shift => String((bits >> shift) & 0xffn)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((bits >> BigInt(16 * (7 - index))) & 0xffffn).toString(16),
  );
  const runs = [...groups.join(':').matchAll(/(?:^|(?<=:))0(?::0)+(?=:|$)/g)].map(match => match[0]);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return groups.join(':');
  const text = groups.join(':');
  const at = text.search(new RegExp(`(?:^|(?<=:))${longest}(?=:|$)`));
  return `${text.slice(0, at).replace(/:$/, '')}::${text.slice(at + longest.length).replace(/^:/, '')}`;
}

function address(text: string): AddressValue {
  const found = parseAddress(text);
  if (found !== undefined) return found;
  const shown = JSON.stringify(text);
  if (isIP(text) === 6 && text.includes('%'))
    return fail(`IP address ${shown} with zone value is not allowed`);
  if (isIP(text) === 6) return fail(`IPv4-mapped IPv6 address ${shown} is not allowed`);
  return fail(
    `IP Address ${shown} parse error during conversion from string: ParseAddr(${shown}): ${whyNoAddress(text)}`,
  );
}

/** Go's words: https://github.com/golang/go/blob/go1.26.0/src/net/netip/netip.go#L105 */
function whyNoAddress(text: string): string {
  const first = text.search(/[.:%]/);
  if (first < 0) return 'unable to parse IP';
  if (text[first] !== '.') return text[first] === ':' ? 'address string too short' : 'missing IPv6 address';
  return whyNoIpv4(text);
}

function whyNoIpv4(text: string): string {
  let digits = 0;
  let value = 0;
  let dots = 0;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text.charAt(index);
    if (/\d/.test(letter)) {
      if (digits === 1 && value === 0) return 'IPv4 field has octet with leading zero';
      value = value * 10 + Number(letter);
      digits += 1;
      if (value > 255) return 'IPv4 field has value >255';
    } else if (letter === '.') {
      const isAtEdge = index === 0 || index === text.length - 1 || text[index - 1] === '.';
      if (isAtEdge)
        return `IPv4 field must have at least one digit (at ${JSON.stringify(text.slice(index))})`;
      if (dots === 3) return 'IPv4 address too long';
      dots += 1;
      digits = 0;
      value = 0;
    } else return `unexpected character (at ${JSON.stringify(text.slice(index))})`;
  }
  return 'IPv4 address too short';
}

function parseNetwork(text: string): NetworkValue | undefined {
  const match = /^(.*)\/(0|[1-9]\d{0,2})$/.exec(text);
  const found = match === null ? undefined : parseAddress(match[1] as string);
  const prefix = Number(match?.[2]);
  return found === undefined || prefix > (found.family === 4 ? 32 : 128)
    ? undefined
    : new NetworkValue(found, prefix);
}

function network(text: string): NetworkValue {
  const found = parseNetwork(text);
  if (found !== undefined) return found;
  const prefix = 'network address parse error during conversion from string: ';
  throw new EvaluationFailure(
    `${prefix}${prefix}netip.ParsePrefix(${JSON.stringify(text)}): ${text.includes('/') ? 'invalid' : "no '/'"}`,
  );
}

function width({ family }: AddressValue): number {
  return family === 4 ? 32 : 128;
}

function maskedBits({ address: { family, bits } }: NetworkValue, prefix: number): bigint {
  const host = BigInt((family === 4 ? 32 : 128) - prefix);
  return (bits >> host) << host;
}

function containsAddress(container: NetworkValue, inner: AddressValue): boolean {
  return (
    container.address.family === inner.family &&
    maskedBits(container, container.prefix) ===
      maskedBits(new NetworkValue(inner, container.prefix), container.prefix)
  );
}

function containsNetwork(container: NetworkValue, inner: NetworkValue): boolean {
  return container.prefix <= inner.prefix && containsAddress(container, inner.address);
}

function inRange(value: AddressValue, four: string, six: string): boolean {
  return containsNetwork(network(value.family === 4 ? four : six), new NetworkValue(value, width(value)));
}

function isGlobalUnicast(value: AddressValue): boolean {
  return (
    value.bits !== 0n &&
    !(value.family === 4 && value.bits === 0xffff_ffffn) &&
    !inRange(value, '127.0.0.0/8', '::1/128') &&
    !inRange(value, '224.0.0.0/4', 'ff00::/8') &&
    !inRange(value, '169.254.0.0/16', 'fe80::/10')
  );
}

const comparisonCost: Cost = ([, other]) =>
  1 + Math.ceil((typeof other === 'string' ? (sizeOf(other) ?? 0) : 0) * TEXT_FACTOR);

/** https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/library/ip.go and cidr.go */
export const addresses: Library = {
  since: 30,
  functions: [
    ['ip(string): IP', address, readingCost],
    ['isIP(string): bool', (text: string) => parseAddress(text) !== undefined, readingCost],
    ['ip.isCanonical(string): bool', (text: string) => formatAddress(address(text)) === text, rewritingCost],
    ['string(IP): string', formatAddress],
    ['IP.family(): int', ({ family }: AddressValue) => BigInt(family)],
    ['IP.isUnspecified(): bool', ({ bits }: AddressValue) => bits === 0n],
    ['IP.isLoopback(): bool', (value: AddressValue) => inRange(value, '127.0.0.0/8', '::1/128')],
    ['IP.isLinkLocalMulticast(): bool', isLinkLocalMulticast],
    ['IP.isLinkLocalUnicast(): bool', (value: AddressValue) => inRange(value, '169.254.0.0/16', 'fe80::/10')],
    ['IP.isGlobalUnicast(): bool', isGlobalUnicast],
    ['cidr(string): CIDR', network, readingCost],
    ['isCIDR(string): bool', (text: string) => parseNetwork(text) !== undefined, readingCost],
    [
      'string(CIDR): string',
      ({ address: inner, prefix }: NetworkValue) => `${formatAddress(inner)}/${prefix}`,
    ],
    [
      'CIDR.containsIP(string): bool',
      (a: NetworkValue, b: string) => containsAddress(a, address(b)),
      comparisonCost,
    ],
    ['CIDR.containsIP(IP): bool', containsAddress, comparisonCost],
    [
      'CIDR.containsCIDR(string): bool',
      (a: NetworkValue, b: string) => containsNetwork(a, network(b)),
      comparisonCost,
    ],
    ['CIDR.containsCIDR(CIDR): bool', containsNetwork, comparisonCost],
    ['CIDR.ip(): IP', ({ address: inner }: NetworkValue) => inner],
    ['CIDR.prefixLength(): int', ({ prefix }: NetworkValue) => BigInt(prefix)],
    [
      'CIDR.masked(): CIDR',
      (a: NetworkValue) =>
        new NetworkValue(new AddressValue(a.address.family, maskedBits(a, a.prefix)), a.prefix),
    ],
  ],
};

/** In IPv6 the scope is the second half of the second byte, whatever the flags in the first are. */
function isLinkLocalMulticast(value: AddressValue): boolean {
  if (value.family === 4) return containsAddress(network('224.0.0.0/24'), value);
  const [first, second] = [value.bits >> 120n, (value.bits >> 112n) & 0x0fn];
  return first === 0xffn && second === 0x02n;
}
