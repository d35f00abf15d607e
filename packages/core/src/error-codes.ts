import type { FormatErrorCode } from './formats/validate.ts';
import type { RecordKeyErrorCode } from './mac.ts';

export const formatErrors: Readonly<Record<FormatErrorCode, string>> = {
  'format-invalid':
    "A file lacks something that its format asks for, or has a value of another kind: the message names the place and what is expected; the format's schema is in schemas/.",
  'format-unknown-field':
    'A file has a field that its format does not know: the message names the nearest one that it knows.',
  'format-not-json':
    'A file that one step writes for the next is not JSON: let the step that wrote it write it again.',
  'format-name-mismatch':
    "The name in a file is not the name of the file: change one of them, as a formation's file is found by its name.",
};

export const recordKeyErrors: Readonly<Record<RecordKeyErrorCode, string>> = {
  'record-key-weak':
    'A key of `record-key` is too short or too regular to be a secret: make one with `openssl rand -base64 32`.',
};
