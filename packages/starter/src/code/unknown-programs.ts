import { quote } from '@slipway/core';
import { filesIn, type RepositoryFiles } from '../look/repository-files.ts';
import type { ProposedService, Remark } from '../proposal/contribution.ts';
import type { Language } from './facts/language.ts';
import { belongsToOne, candidates, type FoundProgram, isAmongPackages, isBelow } from './find-programs.ts';
import { LANGUAGES } from './languages/languages.ts';

/**
 * Names each folder that has the file of a language and no program that init knows, unless a Dockerfile builds it. What says that it
 * is a library is named only where nothing else was found.
 */
export async function unknownPrograms(
  files: RepositoryFiles,
  found: readonly FoundProgram[],
  services: readonly ProposedService[],
): Promise<readonly Remark[]> {
  const folders = candidates(files).filter(
    folder => !belongsToOne(folder, found) && !services.some(service => builds(service, folder)),
  );
  const isAlone = found.length === 0 && services.length === 0;
  const remarks = await Promise.all(
    folders.map(folder => remarksOf(folder, filesIn(files, folder), { found, isAlone })),
  );
  return remarks.flat();
}

/** Whether a folder is the context of a service, or has its Dockerfile, there or above. */
function builds({ service: { build } }: ProposedService, folder: string): boolean {
  if (build === undefined) return false;
  const context = build.context.replace(/^\.(?:\/|$)/, '');
  const own = build.dockerfile?.split('/').slice(0, -1) ?? [];
  return folder === context || isBelow(folder, [context, ...own].filter(part => part !== '').join('/'));
}

async function remarksOf(
  folder: string,
  own: RepositoryFiles,
  { found, isAlone }: { readonly found: readonly FoundProgram[]; readonly isAlone: boolean },
): Promise<readonly Remark[]> {
  const names = own.paths.filter(path => !path.includes('/'));
  const language = LANGUAGES.find(({ markers }) => names.some(name => markers.test(name)));
  const name = names.find(one => language?.markers.test(one));
  if (language === undefined || name === undefined || isAmongPackages(folder, language, found)) return [];
  if (!isAlone && (await language.isLibrary?.(own)) === true) return [];
  return [remark(folder === '' ? name : `${folder}/${name}`, language)];
}

function remark(path: string, { knownBy }: Language): Remark {
  return {
    kind: 'unread',
    at: { path, line: 1, column: 1 },
    message: `no program was found beside ${quote(path)}, so the folder is left out: init knows one by ${knownBy}`,
    remedy: 'if there is one, write its Dockerfile, and call slipway init again',
  };
}
