import type { RepositoryFiles } from '../look/repository-files.ts';
import type { Remark } from '../proposal/contribution.ts';
import { isPrivateByName } from './secrets/private-files.ts';
import { nameInDockerfile, nameInSettings } from './secrets/secret-lines.ts';
import { textIfAny } from './secrets/text-if-any.ts';

/** Files in which settings are written as literals. */
const SETTINGS =
  /(?:^|\/)(?:\.env(?:\.[\w-]+)?|settings(?:\/\w+)?\.py|config\.py|application[\w-]*\.(?:properties|ya?ml)|appsettings[\w.]*\.json|database\.yml|secrets\.yml)$/;
const DOCKERFILE = /(?:^|\/)(?:[\w.-]+\.)?(?:Dockerfile|Containerfile)(?:\.[\w-]+)?$/;
const REQUIREMENTS = /(?:^|\/)requirements[\w.-]*\.txt$/;
const EXAMPLES = /\.(?:example|sample|template|dist)$|(?:^|\/)(?:tests?|node_modules)\//;
const MOST = 200;

/** Literals that are likely to be secrets, by their line; a value is never repeated. */
export async function secretsInCode(files: RepositoryFiles): Promise<readonly Remark[]> {
  const paths = files.paths.filter(path => isLookedAt(path) && !EXAMPLES.test(path)).slice(0, MOST);
  const found = await Promise.all(paths.map(async path => remarksOf(path, await textIfAny(files, path))));
  return found.flat();
}

function isLookedAt(path: string): boolean {
  return [SETTINGS, DOCKERFILE, REQUIREMENTS].some(form => form.test(path)) || isPrivateByName(path);
}

function remarksOf(path: string, text: string): readonly Remark[] {
  return text.split('\n').flatMap((line, index) => {
    const name = DOCKERFILE.test(path) ? nameInDockerfile(line) : nameInSettings(path, line);
    return name === undefined ? [] : [remark(path, index + 1, line.indexOf(name) + 1, name)];
  });
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
  if (isPrivateByName(file))
    return 'a Dockerfile and a .dockerignore that init writes leave the file out; give what the build needs of it to the build as a secret (docs/building.md)';
  if (REQUIREMENTS.test(file))
    return 'give it to the build as a secret (docs/building.md), since the image has this file in a layer';
  if (DOCKERFILE.test(file))
    return 'let the program read it from its environment, or the build as a secret (docs/building.md), since the image has it in its history';
  return 'let the program read it from its environment, since the image has this file in a layer';
}
