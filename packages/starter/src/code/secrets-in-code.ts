import { SlipwayError } from '@slipway/core';
import { looksSecret } from '../literals/secret-literals.ts';
import type { RepositoryFiles } from '../look/repository-files.ts';
import type { Remark } from '../proposal/contribution.ts';

/** Files in which settings are written as literals. */
const SETTINGS =
  /(?:^|\/)(?:\.env(?:\.[\w-]+)?|settings(?:\/\w+)?\.py|config\.py|application[\w-]*\.(?:properties|ya?ml)|appsettings[\w.]*\.json|database\.yml|secrets\.yml)$/;
const EXAMPLES = /\.(?:example|sample|template|dist)$|(?:^|\/)(?:tests?|node_modules)\//;
const MOST = 200;
/** `name = "value"`, `name: value`, `"name": "value"`, after `export` or not. */
const ASSIGNED =
  /^\s*(?:export\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*[:=]\s*(?:b?["']([^"']+)["']|([^\s"'#{[][^\s#]*))/;

/** Literals that are likely to be secrets, by their line; a value is never repeated. */
export async function secretsInCode(files: RepositoryFiles): Promise<readonly Remark[]> {
  const paths = files.paths.filter(path => SETTINGS.test(path) && !EXAMPLES.test(path)).slice(0, MOST);
  const found = await Promise.all(paths.map(async path => remarksOf(path, await textIfAny(files, path))));
  return found.flat();
}

function remarksOf(path: string, text: string): readonly Remark[] {
  return text.split('\n').flatMap((line, index) => {
    const [, name = '', quoted, plain] = ASSIGNED.exec(line) ?? [];
    const value = quoted ?? plain ?? '';
    if (name === '' || value === '' || isExpression(path, quoted, value) || !looksSecret(name, value))
      return [];
    return [remark(path, index + 1, line.indexOf(name) + 1, name)];
  });
}

/** In a program, what is not quoted is an expression, and not a literal. */
function isExpression(path: string, quoted: string | undefined, value: string): boolean {
  return quoted === undefined && (path.endsWith('.py') || value.startsWith('${'));
}

function remark(file: string, line: number, column: number, name: string): Remark {
  const isIgnored = /(?:^|\/)\.env/.test(file);
  return {
    kind: 'secret',
    at: { path: file, line, column },
    message: `the value of ${name.slice(0, 80)} looks like a secret, and was copied nowhere`,
    remedy: isIgnored
      ? 'keep it in a store and name it in config/secrets.yaml; .dockerignore keeps the file out of the image'
      : 'let the program read it from its environment, since the image has this file in a layer',
  };
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
