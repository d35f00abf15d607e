import { isJsonObject, type JsonValue } from '@slipway/core';
import { textAt } from '@slipway/kubernetes';

/**
 * The text of an error that is a text, an object with a message, or a list of either; empty for numbers and anything else, and where it
 * says that there is none.
 */
export function errorText(value: JsonValue): string {
  const text = textOf(value);
  return /^(?:none|null|nil|no errors?|ok|true|false)$/i.test(text) ? '' : text;
}

function textOf(value: JsonValue): string {
  const found = Array.isArray(value) ? (value[0] ?? '') : value;
  if (typeof found === 'string') return found.trim();
  if (!isJsonObject(found)) return '';
  return (
    ['message', 'errorMessage', 'description', 'error', 'reason']
      .map(field => textAt(found, field) ?? '')
      .find(Boolean) ?? ''
  );
}
