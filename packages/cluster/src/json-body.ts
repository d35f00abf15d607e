import { stringifyJson } from '@slipway/core';

/**
 * JSON that is valid YAML too, since the API server reads an apply patch with a YAML parser. YAML forbids some characters that JSON
 * may contain unescaped, and reads others as line breaks (YAML 1.2, 5.1 and 5.4), so they are escaped.
 */
export function jsonBody(value: unknown): string {
  return stringifyJson(value).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
