import { isJsonObject, type JsonObject, type JsonValue, type Path } from '@slipway/core';

/** Takes why an API server would reject a definition: a sentence, and the path of what is wrong, from the root of what is looked at. */
export type Report = (message: string, path: Path) => void;

/** A report about what is at a path. */
export function below(report: Report, at: Path): Report {
  return (message, path) => report(message, [...at, ...path]);
}

/** A map, or an empty one for what is not a map: the definition's own schema reports that. */
export function inside(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
