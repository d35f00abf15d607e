import { SlipwayError } from '@slipway/core';
import type { YamlErrorCode } from './error-codes.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of a YAML or JSON file.
 * @param path what messages call the file
 * @throws SlipwayError `yaml-encoding` for UTF-16 and for bytes that are not UTF-8
 */
export function decodeText(bytes: Uint8Array, path: string): string {
  if (isUtf16(bytes)) throw encodingError(path, 'the file is UTF-16');
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw encodingError(path, 'the file contains bytes that are not UTF-8', cause);
  }
}

/** Whether there is a byte order mark, or a NUL in one of the first two bytes, by which RFC 4627 tells the encodings apart. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return hasMark || (bytes.length > 1 && (first === 0) !== (second === 0));
}

function encodingError(path: string, message: string, cause?: unknown): SlipwayError<YamlErrorCode> {
  const at = { path, line: 1, column: 1 };
  return new SlipwayError({ code: 'yaml-encoding', message, remedy: 'save it as UTF-8', at }, { cause });
}
