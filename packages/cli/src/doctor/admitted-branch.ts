/**
 * Whether a rule of an environment admits a branch; undefined for a pattern with more than stars and question marks.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#deployment-branches-and-tags
 */
function admits(pattern: string, branch: string): boolean | undefined {
  if (pattern === branch) return true;
  if (/[[\]{}\\!]/.test(pattern)) return undefined;
  const parts = pattern
    .split(/(\*\*\/|\*+|\?)/)
    .map(part => WILD[part] ?? (/^\*+$/.test(part) ? '[^/]*' : escaped(part)));
  return new RegExp(`^${parts.join('')}$`).test(branch);
}

/** As Ruby's File.fnmatch with FNM_PATHNAME: a star ends at a slash. */
const WILD: Readonly<Record<string, string>> = { '**/': '(?:[^/]+/)*', '?': '[^/]' };

function escaped(text: string): string {
  return text.replaceAll(/[.+^$()|]/g, '\\$&');
}

/** Whether one of some patterns admits a branch; undefined where one of them may. */
export function admitsBranch(patterns: readonly string[], branch: string): boolean | undefined {
  const found = patterns.map(pattern => admits(pattern, branch));
  if (found.includes(true)) return true;
  return found.includes(undefined) ? undefined : false;
}
