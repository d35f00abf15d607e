import { type ChosenPack, formatPack, parsePack, type Release, type SourceDocument } from '@slipway/core';

/** The rules of a release: policies with their bindings, parameters and waivers, and built-in packs. */
export interface Rules {
  readonly documents: readonly SourceDocument[];
  readonly packs: readonly ChosenPack[];
}

/** The rules as a record stores them, with their paths and lines; undefined if there are none. */
export function recordRules({ documents, packs }: Rules): Release['policies'] {
  if (documents.length === 0 && packs.length === 0) return undefined;
  return {
    packs: packs.map(formatPack),
    documents: documents.map(document => ({
      path: document.path,
      line: document.positionOf([]).line,
      value: document.value,
    })),
  };
}

/** The rules that were in force when a release was deployed. */
export function recordedRules({ policies }: Release): Rules {
  const documents = (policies?.documents ?? []).map(({ path, line, value }, index): SourceDocument => {
    const position = { path, line, column: 1 };
    return {
      path,
      index,
      value: value as SourceDocument['value'],
      positionOf: () => position,
      keyPositionOf: () => position,
    };
  });
  return { documents, packs: (policies?.packs ?? []).map(parsePack) };
}
