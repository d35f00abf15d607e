import { quote } from '@slipway/core';
import type { RepositoryFiles } from '../../look/repository-files.ts';
import type { Remark } from '../../proposal/contribution.ts';
import { nameInSettings } from './secret-lines.ts';
import { textIfAny } from './text-if-any.ts';

/** What package managers read for their registries. */
const REGISTRIES = /(?:^|\/)(?:\.npmrc|\.yarnrc(?:\.yml)?|pip\.conf|\.pypirc|\.netrc|auth\.json)$/;
/** Keys, and what clouds let people download for an account. */
const KEYS =
  /(?:\.(?:pem|key)|(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.git-credentials|[\w.-]*(?:service[-_]?account|credentials?|key)[\w.-]*\.json))$/i;
const TESTS = /(?:^|\/)(?:tests?|node_modules)\//;
const MOST = 200;

/** Whether a program runs without the file, so that no image needs it. */
export function isPrivateByName(path: string): boolean {
  return (REGISTRIES.test(path) || KEYS.test(path)) && !TESTS.test(path);
}

/** Files that no image may have, since they have a secret in them and a program runs without them. */
export async function privateFiles(files: RepositoryFiles): Promise<readonly string[]> {
  const named = files.paths.filter(isPrivateByName).slice(0, MOST);
  const found = await Promise.all(named.map(async path => ((await isPrivate(files, path)) ? [path] : [])));
  return found.flat();
}

export async function isPrivate(files: RepositoryFiles, path: string): Promise<boolean> {
  if (!isPrivateByName(path)) return false;
  const lines = (await textIfAny(files, path)).split('\n');
  return lines.some(line => nameInSettings(path, line) !== undefined);
}

/** Variables that the installation reads for a registry, and that the build of an image does not have. */
export async function variableRemarks(files: RepositoryFiles, folder: string): Promise<readonly Remark[]> {
  const below = folder === '' ? '' : `${folder}/`;
  const paths = ['.npmrc', '.yarnrc.yml'].map(name => `${below}${name}`).filter(files.has);
  const found = await Promise.all(paths.map(async path => variablesIn(path, await textIfAny(files, path))));
  return found.flat();
}

/** One with another value behind `-` has that. */
function variablesIn(path: string, text: string): readonly Remark[] {
  return text.split('\n').flatMap((line, index): Remark[] => {
    const [, variable] = /^\s*[^\s#;].*\$\{([A-Za-z_]\w*)\??\}/.exec(line) ?? [];
    if (variable === undefined) return [];
    return [
      {
        kind: 'note',
        at: { path, line: index + 1, column: 1 },
        message: `the build of the image has no variable ${quote(variable)}, so it installs nothing from a registry that needs it`,
        remedy: 'give it to the build as a secret, and to the RUN that installs (docs/building.md)',
      },
    ];
  });
}
