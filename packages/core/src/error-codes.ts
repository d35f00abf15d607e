import type { ErrorEntry } from './error-entry.ts';
import type { FormatErrorCode } from './formats/validate.ts';
import type { RecordKeyErrorCode } from './mac.ts';

export const formatErrors: Readonly<Record<FormatErrorCode, ErrorEntry>> = {
  'format-invalid': {
    symptom: 'format',
    example: '',
    cause: 'A file lacks something that its format asks for, or has a value of another kind.',
    remedy: "The message names the place and what is expected; the format's schema is in schemas/.",
  },
  'format-unknown-field': {
    symptom: 'format',
    example: '',
    cause: 'A file has a field that its format does not know.',
    remedy: 'The message names the nearest one that it knows.',
  },
  'format-not-json': {
    symptom: 'format',
    example: '',
    cause: 'A file that one step writes for the next is not JSON.',
    remedy: 'Let the step that wrote it write it again.',
  },
  'format-name-mismatch': {
    symptom: 'format',
    example: '',
    cause: 'The name in a file is not the name of the file.',
    remedy: "Change one of them, as a formation's file is found by its name.",
  },
};

export const recordKeyErrors: Readonly<Record<RecordKeyErrorCode, ErrorEntry>> = {
  'record-key-weak': {
    symptom: 'input',
    example: '',
    cause: 'A key of `record-key` is too short or too regular to be a secret.',
    remedy: 'Make one with `openssl rand -base64 32`.',
  },
};
