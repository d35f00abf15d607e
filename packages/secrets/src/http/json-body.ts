import { isJsonObject, type JsonObject, parseJsonIfAny } from '@slipway/core';

/** Empty where a text is not a JSON object. */
export function parseBody(text: string): JsonObject {
  const body = parseJsonIfAny(text);
  return isJsonObject(body) ? body : {};
}
