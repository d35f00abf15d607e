import { EvaluationFailure } from '../values/failure.ts';
import { CelMap, type UrlParts, UrlValue } from '../values/values.ts';
import { readingCost } from './costs.ts';
import type { Library } from './function-table.ts';

/** The parts of a URL as Go's `net/url` splits it; JavaScript's URL would normalise them. Undefined unless it is absolute. */
export function parseUrl(text: string): UrlParts | undefined {
  if (hasForbidden(text)) return undefined;
  const match = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(.*)$/s.exec(text);
  const scheme = (match?.[1] ?? '').toLowerCase();
  const [rest = ''] = (match?.[2] ?? '').split('#', 1);
  const [hierarchy = '', ...query] = rest.split('?');
  const parts = { text, scheme, query: parseQuery(query.join('?')) };
  if (hierarchy.startsWith('/')) return parseHierarchy(hierarchy, parts);
  if (scheme === '' || hierarchy === '') return undefined;
  return { ...parts, host: '', hostname: '', port: '', escapedPath: '' };
}

/** Control characters, and percent signs that do not begin an escape. */
function hasForbidden(text: string): boolean {
  return /[\x00-\x1f\x7f]/.test(text) || /%(?![0-9a-fA-F]{2})/.test(text.split('?', 1)[0] ?? '');
}

function parseHierarchy(
  hierarchy: string,
  parts: Pick<UrlParts, 'text' | 'scheme' | 'query'>,
): UrlParts | undefined {
  const hasAuthority = hierarchy.startsWith('//') && (parts.scheme !== '' || !hierarchy.startsWith('///'));
  const authority = hasAuthority ? (hierarchy.slice(2).split('/', 1)[0] ?? '') : '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const ported = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(host);
  if (ported === null || /[ <>"{}|\\^`]/.test(host)) return undefined;
  return {
    ...parts,
    host,
    hostname: (ported[1] ?? '').replace(/^\[|\]$/g, ''),
    port: ported[2] ?? '',
    escapedPath: escapePath(hasAuthority ? hierarchy.slice(2 + authority.length) : hierarchy),
  };
}

/** The path as it was written if it is properly escaped; otherwise with every character escaped that has to be. */
function escapePath(path: string): string {
  if (/^[\w.~!$&'()*+,;=:@/[\]%-]*$/.test(path)) return path;
  try {
    return encodeURIComponent(decodeURIComponent(path)).replace(
      /%(?:24|26|2B|2C|2F|3A|3B|3D|40)/g,
      decodeURIComponent,
    );
  } catch {
    return path;
  }
}

function parseQuery(query: string): CelMap {
  const found = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const [key = '', ...value] = pair.split('=');
    try {
      const name = unescapeQuery(key);
      found.set(name, [...(found.get(name) ?? []), unescapeQuery(value.join('='))]);
    } catch {
      // Go omits parameters that are not properly escaped.
    }
  }
  return new CelMap(found);
}

function unescapeQuery(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
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
