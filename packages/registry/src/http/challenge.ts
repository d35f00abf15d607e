/** What a registry says in `WWW-Authenticate`. */
export interface Challenge {
  readonly scheme: 'basic' | 'bearer';
  readonly parameters: Readonly<Record<string, string>>;
}

const SCHEME_PATTERN = /(?:^|,)\s*(basic|bearer)(?=\s|,|$)/gi;
const PARAMETER_PATTERN = /([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;

/**
 * The challenges of a `WWW-Authenticate` header that we can answer, in its order (RFC 9110, section 11.6.1). A header may hold
 * several, and quoted values may hold commas.
 */
export function parseChallenges(header: string): Challenge[] {
  const withoutValues = header.replace(/"(?:[^"\\]|\\.)*"/g, value => '"'.repeat(value.length));
  const starts = [...withoutValues.matchAll(SCHEME_PATTERN)];
  return starts.map((match, index) => {
    const begin = match.index + match[0].length;
    const end = starts[index + 1]?.index ?? header.length;
    const scheme = match[1]?.toLowerCase() === 'basic' ? 'basic' : 'bearer';
    return { scheme, parameters: parseParameters(header.slice(begin, end)) };
  });
}

function parseParameters(text: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [, name = '', quoted, token] of text.matchAll(PARAMETER_PATTERN)) {
    parameters[name.toLowerCase()] = quoted === undefined ? (token ?? '') : quoted.replace(/\\(.)/g, '$1');
  }
  return parameters;
}
