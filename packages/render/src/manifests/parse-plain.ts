import { defined, type Problem, type Problems } from '@slipway/core';
import { duplicateKeyProblem, parseSection, sectionsOf } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import type { HelmTemplates } from './helm-templates.ts';
import { RecentSections } from './kept-section.ts';
import type { ManifestObject } from './manifest-object.ts';
import { plainObjects } from './plain-object.ts';

export interface PlainManifests {
  readonly objects: readonly ManifestObject[];
  /** Duplicate keys, of which Kubernetes silently takes the last, and fields that only the API server sets. */
  readonly warnings: readonly Problem<RenderErrorCode>[];
}

/** The objects of one file, parsed section by section, so that a problem in one does not hide the others. */
export async function parsePlain(
  text: string,
  path: string,
  problems: Problems<RenderErrorCode>,
  recent = new RecentSections(),
  templates?: HelmTemplates,
): Promise<PlainManifests> {
  const objects: ManifestObject[] = [];
  const warnings: Problem<RenderErrorCode>[] = [];
  for (const section of sectionsOf(text))
    await problems.collect(async () => {
      const documents = parseSection(section, path);
      for (const { duplicateKeys } of documents) warnings.push(...duplicateKeys.map(duplicateKeyProblem));
      const read = { path, section, documents, ...defined({ templates }) };
      objects.push(
        ...plainObjects(
          read,
          objects.length,
          kept => recent.add(kept),
          problem => problems.add(problem),
          problem => warnings.push(problem),
        ),
      );
    });
  return { objects, warnings };
}
