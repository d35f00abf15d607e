import type { ErrorEntry } from '@slipway/core';

/** Addresses of the config, and the placeholders that they fill. */
export type WordErrorCode =
  | 'address-malformed'
  | 'address-unknown'
  | 'address-duplicate'
  | 'address-tie'
  | 'address-conflict'
  | 'value-unused'
  | 'set-invalid'
  | 'word-unterminated'
  | 'word-malformed'
  | 'word-unknown'
  | 'word-unvalued'
  | 'word-in-key'
  | 'word-not-text'
  | 'word-restarts-pods'
  | 'spawn-word-unvalued'
  | 'spawn-mixed'
  | 'secret-misplaced';

export const wordErrors: Readonly<Record<WordErrorCode, ErrorEntry>> = {
  'address-malformed': {
    symptom: 'config',
    example: '"production..port" is not an address',
    cause: 'The address of a value or secret does not have the form `<destination>.<formation>.<word>`.',
    remedy:
      'Write at least three segments; `*` matches any one. [Formations](formations.md) explains addresses.',
  },
  'address-unknown': {
    symptom: 'config',
    example: '"prod" in the address "*.prod.port" is not a formation',
    cause: 'An address begins with a destination or formation that is not declared.',
    remedy: 'Use a declared name, or `*` for all.',
  },
  'address-duplicate': {
    symptom: 'config',
    example: 'the address "*.production.port" appears twice (first at config/values.yaml:4:5)',
    cause: 'The same address has two values.',
    remedy: 'Remove one of them.',
  },
  'address-tie': {
    symptom: 'config',
    example:
      '"api.port" for eu.production is matched equally well by "eu.*.api.port" (config/a.yaml:4:5) and "*.production.api.port" (config/a.yaml:5:5)',
    cause: 'Two addresses match a word equally well, so that neither wins.',
    remedy: 'Make one of them more specific.',
  },
  'address-conflict': {
    symptom: 'config',
    example:
      '"api" is a value at "*.*.api" (config/a.yaml:4:5) and a map of values at "*.*.api.port" (config/a.yaml:5:5)',
    cause: 'A word is a single value at one address, and a map of values or a secret at another.',
    remedy: 'Rename one of them.',
  },
  'value-unused': {
    symptom: 'config',
    example: 'no stencil uses the value "*.*.old.port"',
    cause:
      'A value or secret in the config is not used by any stencil or patch. Often it is misspelt in the config, or where it is used.',
    remedy: 'Use it, or remove it.',
  },
  'set-invalid': {
    symptom: 'config',
    example: 'no stencil uses the word "replica" of input "set"',
    cause: 'An entry of the input `set` names a word that no stencil uses.',
    remedy: 'Correct the word.',
  },
  'word-unterminated': {
    symptom: 'placeholder',
    example: 'the placeholder "${api.port" has no closing }',
    cause: 'A placeholder begins with `${` and does not end.',
    remedy: 'Add `}`, or write `$${` for a literal `${`.',
  },
  'word-malformed': {
    symptom: 'placeholder',
    example: '"${api port}" is not a placeholder',
    cause: 'The text between `${` and `}` is not a word.',
    remedy: 'Write dotted words of letters, digits, `_` and `-`, or `$${` for a literal `${`.',
  },
  'word-unknown': {
    symptom: 'placeholder',
    example: 'unknown word "tagg"',
    cause: 'A placeholder names a word that does not exist.',
    remedy: 'Use a known word; the message suggests one.',
  },
  'word-unvalued': {
    symptom: 'placeholder',
    example:
      '"api.port" has no value for eu.production (tried eu.production.api.port, eu.*.api.port, *.production.api.port, *.*.api.port)',
    cause: 'No address of the config gives this word a value for this destination and formation.',
    remedy: 'Add one of the addresses in the message to a file in `config/`.',
  },
  'word-in-key': {
    symptom: 'placeholder',
    example: 'the placeholder "${name}" is in a key',
    cause: 'Placeholders are filled in values, not in keys.',
    remedy: 'Move it into a value, or produce the whole map by an unquoted placeholder.',
  },
  'word-not-text': {
    symptom: 'placeholder',
    example: '"api.ports" is a list, which cannot be part of a text',
    cause: 'A list, a map or null is put into the middle of a text.',
    remedy: 'Write the placeholder unquoted as the whole value, or use a word that is a text or number.',
  },
  'word-restarts-pods': {
    symptom: 'placeholder',
    example: 'these pods restart with every release of "api", since this text differs in each',
    cause:
      'A pod template contains `${tag}` or `${git.sha}`, which differ in every release, so that pods restart although nothing else changed. This is a warning.',
    remedy: 'Move it to the labels or annotations of the workload itself, or accept the restarts.',
  },
  'spawn-word-unvalued': {
    symptom: 'placeholder',
    example: '"spawn" has no value in the formation "staging", which is not spawned',
    cause: 'A stencil that other formations have too uses `${spawn}`, which is the key of an instance.',
    remedy: 'Move it into the formation with the `spawn` block, as a patch, a label or the prefix of names.',
  },
  'spawn-mixed': {
    symptom: 'config',
    example:
      'an instance of "preview" would use the value "*.staging.database.host" with its own secret "*.preview.database.password"',
    cause:
      'An instance takes over values and no secrets, so that it would use its own password with the host of another formation.',
    remedy: 'Give it a value of its own beside the secret.',
  },
  'secret-misplaced': {
    symptom: 'placeholder',
    example: 'the secret "db.password" is not in data or stringData of a v1 Secret in namespace "shop"',
    cause:
      'A secret would be readable: it is not in `data` or `stringData` of a Secret in the namespace of the destination.',
    remedy: 'Put it into a Secret and refer to that, for example with `secretKeyRef`.',
  },
};
