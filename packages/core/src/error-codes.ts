import type { ErrorEntry } from './error-entry.ts';
import type { PackErrorCode } from './formats/packs.ts';
import type { StrategyErrorCode } from './formats/strategy-problem.ts';
import type { FormatErrorCode } from './formats/validate.ts';
import type { RecordKeyErrorCode } from './mac.ts';

export const formatErrors: Readonly<Record<FormatErrorCode, ErrorEntry>> = {
  'format-invalid': {
    symptom: 'format',
    example: '"spec.verify.on-failure" must be one of report, rollback',
    cause: 'A field is missing, or it has a value that the format does not allow.',
    remedy:
      'Correct the field. The JSON Schemas in [schemas](../schemas) describe each format; [editors](editors.md) shows how an editor checks them while you type.',
  },
  'format-unknown-field': {
    symptom: 'format',
    example: 'unknown field "destination"',
    cause: 'A file has a field that its format does not have. Often it is misspelt or indented too far.',
    remedy: 'Use the field that the message suggests, or remove it.',
  },
  'format-not-json': {
    symptom: 'format',
    example: '"rendered.json" is not JSON',
    cause: 'A file that one step writes for the next one was changed or cut off.',
    remedy: 'Run the step that wrote it again, and pass on the whole folder as it was written.',
  },
  'format-name-mismatch': {
    symptom: 'format',
    example: 'the formation in "formations/production.yaml" calls itself "prod"',
    cause: 'A formation is found by the name of its file, and `metadata.name` is another one.',
    remedy: 'Change `metadata.name`, or rename the file.',
  },
};

export const packErrors: Readonly<Record<PackErrorCode, ErrorEntry>> = {
  'pack-level-unknown': {
    symptom: 'check',
    example: 'the pack "workloads" has the level "wran", which does not exist',
    cause:
      'The input `packs`, or `policies.packs` of a formation, gives a pack a level other than `error`, `warn` and `new`.',
    remedy: 'Write `workloads: warn` or `workloads: new`; without a level it is `error`.',
  },
};

export const recordKeyErrors: Readonly<Record<RecordKeyErrorCode, ErrorEntry>> = {
  'record-key-weak': {
    symptom: 'input',
    example: 'input "record-key" has a key in line 1 that could be guessed',
    cause: 'A key is too short or too regular to be a secret.',
    remedy: 'Create one with `openssl rand -base64 32` and store it as a secret.',
  },
};

export const strategyErrors: Readonly<Record<StrategyErrorCode, ErrorEntry>> = {
  'strategy-invalid': {
    symptom: 'steps',
    example: 'step 2 has the weight 10, and the one before it has 20',
    cause: 'The steps of a `strategy` cannot be taken as they are written: the message says which, and why.',
    remedy: 'Correct what the message names; [Progress](progress.md) explains each field.',
  },
  'strategy-unwatched': {
    symptom: 'steps',
    example:
      'step 2 waits for commit: 50 % of the connections would go to the new version while no run looks at it',
    cause:
      'A step pauses, or bakes for longer than a run stays, with more than 10 % of the connections on the new version. Nothing in the cluster acts by itself: a copy that is Ready and wrong keeps its share until someone looks.',
    remedy: 'Add `unwatched: true` to the step if that is meant, or lower its weight, or raise `attend`.',
  },
  'strategy-warning': {
    symptom: 'steps',
    example: 'attend is 7h, and a job on a hosted runner of GitHub ends after 6h',
    cause:
      'The `strategy` can be taken as it is written, and does likely not do what is meant. This is a warning.',
    remedy: 'Change what the message names, or leave it if it is meant.',
  },
};
