import { nearest, type Problem, quote, valueAt } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { FormationFile, Repository } from './repository.ts';

/**
 * Each `promoted-from` that names no formation with destinations: nothing could ever pass there. That is asked of the checkout only, whose
 * rules decide; the commit that a pull request is to correct may have such a name.
 */
export function unknownPromotions({
  formationFiles,
}: Pick<Repository, 'formationFiles'>): Problem<RenderErrorCode>[] {
  const found = [...formationFiles].flatMap(([name, file]): Problem<RenderErrorCode>[] => {
    const from = file.formation.spec['promoted-from'];
    if (from === undefined || formationFiles.has(from)) return [];
    const others = [...formationFiles.keys()].filter(other => other !== name);
    return [promotionUnknown(from, writtenIn(file), others)];
  });
  // What several formations inherit is wrong once.
  return [...new Map(found.map(problem => [JSON.stringify(problem.at), problem])).values()];
}

/** The formation's own file, or that of the one that it inherits it from. */
function writtenIn(file: FormationFile): FormationFile {
  const isWritten = ({ document }: FormationFile) =>
    valueAt(document.value, ['spec', 'promoted-from']) !== undefined;
  return [file, ...file.bases].find(isWritten) ?? file;
}

function promotionUnknown(
  from: string,
  { formation, document }: FormationFile,
  others: readonly string[],
): Problem<RenderErrorCode> {
  const candidate = nearest(from, others);
  const choice = others.length === 0 ? 'remove promoted-from' : `choose one of ${others.join(', ')}`;
  return {
    code: 'promoted-from-unknown',
    at: document.positionOf(['spec', 'promoted-from']),
    message: `the formation ${quote(formation.metadata.name)} is promoted from ${quote(from)}, and no formation with destinations has that name`,
    remedy: candidate === undefined ? choice : `did you mean ${quote(candidate)}?`,
  };
}
