import { isIPv6 } from 'node:net';
import { EvaluationFailure } from '../values/failure.ts';
import { CelMap, type UrlParts, UrlValue } from '../values/values.ts';
import { readingCost } from './costs.ts';
import type { Library } from './function-table.ts';

/**
 * The parts of a URL as Go's `net/url` splits it; JavaScript's URL would normalise them. Undefined unless it is absolute. As in
 * Kubernetes, the text is read twice: as a request would have it, where a fragment is part of the rest, and then with a fragment.
 * https://github.com/golang/go/blob/go1.26.0/src/net/url/url.go
 */
export function parseUrl(text: string): UrlParts | undefined {
  const [rest = '', ...fragment] = text.split('#');
  if (text === '' || readUrl(text, true) === undefined || !isEscaped(fragment.join('#'))) return undefined;
  const read = readUrl(rest, false);
  return read === undefined ? undefined : { ...read, text };
}

type Parts = Omit<UrlParts, 'text'>;

function readUrl(text: string, isRequest: boolean): Parts | undefined {
  if (/[\x00-\x1f\x7f]/.test(text) || text.startsWith(':')) return undefined;
  const [, name = '', after = ''] = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(.*)$/s.exec(text) ?? [];
  const scheme = name.toLowerCase();
  const [hierarchy = '', ...query] = after.split('?');
  const parts = {
    scheme,
    host: '',
    hostname: '',
    port: '',
    escapedPath: '',
    query: parseQuery(query.join('?')),
  };
  if (text === '*') return { ...parts, escapedPath: '*' };
  if (!hierarchy.startsWith('/') && scheme !== '') return parts;
  if (!hierarchy.startsWith('/') && (isRequest || /^[^/]*:/.test(hierarchy))) return undefined;
  const hasAuthority =
    hierarchy.startsWith('//') && (scheme !== '' || !(isRequest || hierarchy.startsWith('///')));
  const authority = hasAuthority ? (hierarchy.slice(2).split('/', 1)[0] ?? '') : '';
  const path = hasAuthority ? hierarchy.slice(2 + authority.length) : hierarchy;
  const host = readAuthority(authority, scheme);
  if (host === undefined || !isEscaped(path)) return undefined;
  return { ...parts, host, ...splitPort(host), escapedPath: escapePath(path) };
}

/** Whether every percent sign begins an escape. */
function isEscaped(text: string): boolean {
  return !/%(?![0-9a-fA-F]{2})/.test(text);
}

/** The host with its port, unescaped; undefined if the user or the host is not one. */
function readAuthority(authority: string, scheme: string): string | undefined {
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0));
  if (!/^[\w.:~!$&'()*+,;=%@-]*$/.test(user) || !isEscaped(user)) return undefined;
  return readHost(authority.slice(at + 1), scheme);
}

function readHost(host: string, scheme: string): string | undefined {
  if (host.lastIndexOf('[') > 0) return undefined;
  if (host.startsWith('[')) return readLiteral(host);
  // Some databases list several hosts with ports, so only the schemes of the web are strict.
  const colon = /^https?$/.test(scheme) ? host.indexOf(':') : host.lastIndexOf(':');
  return colon < 0 || isPort(host.slice(colon)) ? unescapeHost(host) : undefined;
}

/** An IPv6 address in brackets; what follows `%25` is its zone. */
function readLiteral(host: string): string | undefined {
  const end = host.lastIndexOf(']');
  if (end < 0 || !isPort(host.slice(end + 1))) return undefined;
  const inner = host.slice(1, end);
  const zoneAt = inner.indexOf('%25');
  const address = unescapeHost(zoneAt < 0 ? inner : inner.slice(0, zoneAt));
  const zone = zoneAt < 0 ? '' : unescapeZone(inner.slice(zoneAt));
  if (address === undefined || zone === undefined || zone === '%') return undefined;
  return isIPv6(address) ? `[${address}${zone}]${host.slice(end + 1)}` : undefined;
}

function isPort(text: string): boolean {
  return /^(?::\d*)?$/.test(text);
}

/** Only characters beyond ASCII may be escaped in a host, and the percent sign. */
function unescapeHost(text: string): string | undefined {
  const isHost = isEscaped(text) && !/%(?!25)[0-7]/.test(text) && !/[ {}|\\^`/?#@]/.test(text);
  return isHost ? decode(text) : undefined;
}

/** In a zone also blanks may be escaped, and what need not be. */
function unescapeZone(text: string): string | undefined {
  const plain = decode(text);
  return isEscaped(text) && !/[{}|\\^`/?#@\x00-\x1f\x7f]/.test(plain) && !text.includes(' ')
    ? plain
    : undefined;
}

function splitPort(host: string): Pick<Parts, 'hostname' | 'port'> {
  const [, name = '', port = ''] = /^(.*?)(?::(\d*))?$/s.exec(host) ?? [];
  return { hostname: /^\[.*\]$/s.test(name) ? name.slice(1, -1) : name, port };
}

/** Bytes that are not UTF-8 become replacement characters, as in what Go prints. */
function decode(text: string): string {
  return Buffer.from(unescapeBytes(text), 'latin1').toString();
}

/** A character for each byte. */
function unescapeBytes(text: string): string {
  const bytes = Buffer.from(text).toString('latin1');
  return bytes.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** The path as it was written if it is properly escaped; otherwise with every character escaped that has to be. */
function escapePath(path: string): string {
  if (/^[\w.~!$&'()*+,;=:@/[\]%-]*$/.test(path)) return path;
  return unescapeBytes(path).replace(
    /[^\w.~$&+,/:;=@-]/g,
    byte => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

function parseQuery(query: string): CelMap {
  const found = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    // Go omits parameters that are not properly escaped.
    if (pair === '' || pair.includes(';') || !isEscaped(pair)) continue;
    const [key = '', ...value] = pair.split('=').map(part => part.replaceAll('+', ' '));
    const name = decode(key);
    found.set(name, [...(found.get(name) ?? []), decode(value.join('='))]);
  }
  return new CelMap(found);
}

function url(text: string): UrlValue {
  const parts = parseUrl(text);
  if (parts !== undefined) return new UrlValue(parts);
  throw new EvaluationFailure(
    `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
  );
}

/** https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/library/urls.go */
export const urls: Library = {
  since: 0,
  functions: [
    ['url(string): URL', url, readingCost],
    ['isURL(string): bool', (text: string) => parseUrl(text) !== undefined],
    ['URL.getScheme(): string', ({ parts }: UrlValue) => parts.scheme],
    ['URL.getHost(): string', ({ parts }: UrlValue) => parts.host],
    ['URL.getHostname(): string', ({ parts }: UrlValue) => parts.hostname],
    ['URL.getPort(): string', ({ parts }: UrlValue) => parts.port],
    ['URL.getEscapedPath(): string', ({ parts }: UrlValue) => parts.escapedPath],
    ['URL.getQuery(): map<string, list<string>>', ({ parts }: UrlValue) => parts.query],
  ],
};
