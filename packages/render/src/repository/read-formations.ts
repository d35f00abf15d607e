import { formatPosition, type Problems, parseFormation, quote } from '@slipway/core';
import type { DocumentReader } from '../files/read-documents.ts';
import { resolveExtends } from './extends.ts';
import type { FormationFile } from './repository.ts';

/** The formations of a folder by name, each merged with those that it extends. */
export async function readFormations(
  reader: DocumentReader,
  folder: string,
  problems: Problems,
): Promise<Map<string, FormationFile>> {
  const written = new Map<string, Pick<FormationFile, 'formation' | 'document'>>();
  let isComplete = true;
  for (const document of await reader.singles(folder)) {
    const formation = await problems.collect(() => parseFormation(document));
    isComplete &&= formation !== undefined;
    if (formation === undefined) continue;
    const { name } = formation.metadata;
    const first = written.get(name);
    if (first === undefined) written.set(name, { formation, document });
    else
      problems.add({
        code: 'name-duplicate',
        at: document.positionOf(['metadata', 'name']),
        message: `the formation ${quote(name)} is already defined in another file (${formatPosition(first.document.positionOf([]))})`,
        remedy: 'remove one of them',
      });
  }
  // A formation that extends a broken one is not wrong itself, so nothing is reported about it.
  return resolveExtends(written, problem => isComplete && problems.add(problem));
}

/** The destinations that an address can name with each formation, those without destinations of their own included. */
export function declaredDestinations(
  files: ReadonlyMap<string, FormationFile>,
): ReadonlyMap<string, readonly string[]> {
  const declared = new Map([...files.keys()].map(name => [name, new Set<string>()]));
  for (const { formation, bases } of files.values())
    for (const file of [{ formation }, ...bases])
      for (const destination of Object.keys(formation.spec.destinations))
        declared.get(file.formation.metadata.name)?.add(destination);
  return new Map([...declared].map(([name, destinations]) => [name, [...destinations]]));
}

/** The formations that are rendered: those with destinations of which there are no instances. */
export function withDestinations(files: ReadonlyMap<string, FormationFile>): Map<string, FormationFile> {
  return new Map(
    [...files].filter(
      ([
        ,
        {
          formation: { spec },
        },
      ]) => Object.keys(spec.destinations).length > 0 && spec.spawn === undefined,
    ),
  );
}

/** The formations of which there are instances only. */
export function withInstances(files: ReadonlyMap<string, FormationFile>): Map<string, FormationFile> {
  return new Map([...files].filter(([, { formation }]) => formation.spec.spawn !== undefined));
}
