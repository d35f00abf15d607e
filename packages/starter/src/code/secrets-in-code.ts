import { SlipwayError } from '@slipway/core';
import { looksSecret } from '../literals/secret-literals.ts';
import { secretSpans } from '../literals/secret-spans.ts';
import type { RepositoryFiles } from '../look/repository-files.ts';
import type { Remark } from '../proposal/contribution.ts';

/** Files in which settings are written as literals. */
const SETTINGS =
  /(?:^|\/)(?:\.env(?:\.[\w-]+)?|settings(?:\/\w+)?\.py|config\.py|application[\w-]*\.(?:properties|ya?ml)|appsettings[\w.]*\.json|database\.yml|secrets\.yml)$/;
const DOCKERFILE = /(?:^|\/)(?:[\w.-]+\.)?(?:Dockerfile|Containerfile)(?:\.[\w-]+)?$/;
const EXAMPLES = /\.(?:example|sample|template|dist)$|(?:^|\/)(?:tests?|node_modules)\//;
const MOST = 200;
/** `name = "value"`, `name: value`, `"name": "value"`, after `export` or not. */
const ASSIGNED =
  /^\s*(?:export\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*[:=]\s*(?:b?["']([^"']+)["']|([^\s"'#{[][^\s#]*))/;

/** Literals that are likely to be secrets, by their line; a value is never repeated. */
export async function secretsInCode(files: RepositoryFiles): Promise<readonly Remark[]> {
  const paths = files.paths
    .filter(path => (SETTINGS.test(path) || DOCKERFILE.test(path)) && !EXAMPLES.test(path))
    .slice(0, MOST);
  const found = await Promise.all(paths.map(async path => remarksOf(path, await textIfAny(files, path))));
  return found.flat();
}

function remarksOf(path: string, text: string): readonly Remark[] {
  return text.split('\n').flatMap((line, index) => {
    const name = DOCKERFILE.test(path) ? nameInDockerfile(line) : nameInSettings(path, line);
    return name === undefined ? [] : [remark(path, index + 1, line.indexOf(name) + 1, name)];
  });
}

/** What a line calls the secret that it has; undefined if it has none. */
function nameInSettings(path: string, line: string): string | undefined {
  const [, name = '', quoted, plain] = ASSIGNED.exec(line) ?? [];
  const value = quoted ?? plain ?? '';
  const isLiteral = name !== '' && value !== '' && !isExpression(path, quoted, value);
  if (isLiteral && looksSecret(name, value)) return name;
  return path.endsWith('.py') ? undefined : secretSpans(line)[0]?.name;
}

/** https://docs.docker.com/reference/dockerfile/#env */
function nameInDockerfile(line: string): string | undefined {
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

function remark(file: string, line: number, column: number, name: string): Remark {
  return {
    kind: 'secret',
    at: { path: file, line, column: Math.max(1, column) },
    message: `the value of ${name.slice(0, 80)} looks like a secret, and was copied nowhere`,
    remedy: remedyFor(file),
  };
}

function remedyFor(file: string): string {
  if (/(?:^|\/)\.env/.test(file))
    return 'keep it in a store and name it in config/secrets.yaml; .dockerignore keeps the file out of the image';
  if (DOCKERFILE.test(file))
    return 'let the program read it from its environment, or the build as a secret (docs/building.md), since the image has it in its history';
  return 'let the program read it from its environment, since the image has this file in a layer';
}

/** What cannot be read has no lines to name. */
async function textIfAny(files: RepositoryFiles, path: string): Promise<string> {
  try {
    return (await files.readText(path)) ?? '';
  } catch (error) {
    if (error instanceof SlipwayError) return '';
    throw error;
  }
}
