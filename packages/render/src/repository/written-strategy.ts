import { stepsOf, valueAt, type WrittenStrategy } from '@slipway/core';
import type { FormationFile } from './repository.ts';

const PATH = ['spec', 'strategy'];

/** The strategy of a formation with the positions of its fields, in its own file or that of the formation that it takes it from. */
export function writtenStrategy({ formation, document, bases }: FormationFile): WrittenStrategy | undefined {
  const strategy = stepsOf(formation.spec.strategy);
  if (strategy === undefined) return undefined;
  const documents = [document, ...bases.map(base => base.document)];
  const written = documents.find(({ value }) => valueAt(value, PATH) !== undefined) ?? document;
  return { strategy, positionOf: path => written.positionOf([...PATH, ...path]) };
}
