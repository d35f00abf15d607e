import { looksSecret } from '../../literals/secret-literals.ts';
import { secretSpans } from '../../literals/secret-spans.ts';

/** `name = "value"`, `name: value`, `"name": "value"`, after `export` or not. */
const ASSIGNED =
  /^\s*(?:export\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*[:=]\s*(?:b?["']([^"']+)["']|([^\s"'#{[][^\s#]*))/;

/** What a line of settings calls the secret that it has; undefined if it has none. */
export function nameInSettings(path: string, line: string): string | undefined {
  const [, name = '', quoted, plain] = ASSIGNED.exec(line) ?? [];
  const value = quoted ?? plain ?? '';
  const isLiteral = name !== '' && value !== '' && !isExpression(path, quoted, value);
  if (isLiteral && looksSecret(name, value)) return name;
  return path.endsWith('.py') ? undefined : secretSpans(line)[0]?.name;
}

/** The same of a line of a Dockerfile. https://docs.docker.com/reference/dockerfile/#env */
export function nameInDockerfile(line: string): string | undefined {
  if (/^\s*#/.test(line)) return undefined;
  const [, given = ''] = /^\s*(?:ENV|ARG)\s+(.*)/i.exec(line) ?? [];
  const [, only = '', rest = ''] = /^([A-Za-z_]\w*)\s+([^=\s].*)$/.exec(given) ?? [];
  const pairs = [...given.matchAll(/(?<!\S)([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|(\S*))/g)].map(
    ([, name = '', double, single, plain = '']) => [name, double ?? single ?? plain] as const,
  );
  const [found] = [...pairs, [only, rest] as const].find(([name, value]) => looksSecret(name, value)) ?? [];
  return found ?? secretSpans(line)[0]?.name;
}

/** In a program, what is not quoted is an expression, and not a literal. */
function isExpression(path: string, quoted: string | undefined, value: string): boolean {
  return quoted === undefined && (path.endsWith('.py') || value.startsWith('${'));
}
