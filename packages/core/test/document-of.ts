import { formatPointer, type JsonValue, type Path, type Position, type SourceDocument } from '@slipway/core';

/** A document without a file: its positions carry the pointer where a line would be, so that tests can name what was pointed at. */
export function documentOf(value: JsonValue, path = 'slipway.yaml'): SourceDocument {
  const position = (kind: string, steps: Path): Position => ({
    path: `${path}#${kind}${formatPointer(steps)}`,
    line: 1,
    column: 1,
  });
  return {
    path,
    index: 0,
    value,
    positionOf: steps => position('', steps),
    keyPositionOf: steps => position('key:', steps),
  };
}
