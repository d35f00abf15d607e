import type { ErrorEntry } from '@slipway/core';

export type RenderErrorCode =
  | 'file-missing'
  | 'file-outside'
  | 'file-unreadable'
  | 'file-too-large'
  | 'key-duplicate'
  | 'name-duplicate'
  | 'shared-folder-invalid'
  | 'extends-unknown'
  | 'extends-circular'
  | 'destinations-missing'
  | 'name-prefix-invalid'
  | 'label-invalid'
  | 'promotion-circular'
  | 'target-unknown'
  | 'nothing-to-render'
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
  | 'secret-misplaced'
  | 'snapshot-missing'
  | 'snapshot-foreign'
  | 'snapshot-incomplete'
  | 'selection-unused'
  | 'patch-unmatched'
  | 'patch-invalid'
  | 'object-invalid'
  | 'object-name-invalid'
  | 'object-duplicate'
  | 'line-unknown'
  | 'object-shared'
  | 'manifests-missing'
  | 'output-foreign'
  | 'output-outside'
  | 'output-unwritable'
  | 'rendered-missing'
  | 'rendered-changed'
  | 'source-invalid'
  | 'source-missing'
  | 'source-remote'
  | 'source-failed'
  | 'source-random'
  | 'source-hook-dropped'
  | 'secret-unseen';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const renderErrors: Readonly<Record<RenderErrorCode, ErrorEntry>> = {
  'file-missing': {
    symptom: 'file',
    example: '',
    cause: 'A file or folder that is asked for is not there.',
    remedy: 'Mend the path, which counts from the workspace.',
  },
  'file-outside': {
    symptom: 'file',
    example: '',
    cause: 'A path or a symbolic link leads out of the folder that it belongs to.',
    remedy: 'Put the file itself into the repository.',
  },
  'file-unreadable': {
    symptom: 'file',
    example: '',
    cause: 'A file is no regular file or may not be read.',
    remedy: 'Replace it by a readable one.',
  },
  'file-too-large': {
    symptom: 'file',
    example: '',
    cause: 'A file is larger than any manifest needs to be.',
    remedy: 'Split it.',
  },
  'key-duplicate': {
    symptom: 'format',
    example: '',
    cause: 'A map has one key twice, of which only the last would count.',
    remedy: 'Remove one of them.',
  },
  'name-duplicate': {
    symptom: 'formation',
    example: '',
    cause: 'Two files are for one formation, or two shared folders have a stencil of one name.',
    remedy: 'Remove or rename one of them.',
  },
  'shared-folder-invalid': {
    symptom: 'formation',
    example: '',
    cause: 'A folder of spec.paths is not there, or is none that can be shared.',
    remedy: 'Check the shared repository out into the workspace before the step, or mend the path.',
  },
  'extends-unknown': {
    symptom: 'formation',
    example: '',
    cause: 'A formation extends one that there is not.',
    remedy: 'Mend the name.',
  },
  'extends-circular': {
    symptom: 'formation',
    example: '',
    cause: 'Formations extend each other in a circle.',
    remedy: 'Remove extends from one of them.',
  },
  'destinations-missing': {
    symptom: 'formation',
    example: '',
    cause: 'A formation has no destinations and no other extends it, so that it is never of use.',
    remedy: 'Add destinations or remove it.',
  },
  'name-prefix-invalid': {
    symptom: 'formation',
    example: '',
    cause: 'spec.name-prefix of a formation cannot begin the name of an object.',
    remedy: 'Use lower-case letters, digits, - and .',
  },
  'label-invalid': {
    symptom: 'formation',
    example: '',
    cause: "A label of spec.labels breaks Kubernetes' rules for labels.",
    remedy: 'Use at most 63 letters, digits, -, _ and .',
  },
  'promotion-circular': {
    symptom: 'formation',
    example: '',
    cause: 'A formation, by itself or by what it extends, takes only snapshots that passed in it.',
    remedy: 'Mend promoted-from.',
  },
  'target-unknown': {
    symptom: 'formation',
    example: '',
    cause: 'The formation or destination that is asked for is not declared.',
    remedy: 'Use a declared name.',
  },
  'nothing-to-render': {
    symptom: 'formation',
    example: '',
    cause: 'There are no formations, or no stencil is left after the selection of a formation.',
    remedy: 'Add one, or mend spec.stencils.',
  },
  'address-malformed': {
    symptom: 'config',
    example: '',
    cause:
      'An address of a value or secret is not <destination>.<formation>.<word>… Write it so; any segment may be *.',
    remedy: 'The message says which.',
  },
  'address-unknown': {
    symptom: 'config',
    example: '',
    cause: 'An address begins with a destination or formation that is not declared.',
    remedy: 'Use a declared name or *.',
  },
  'address-duplicate': {
    symptom: 'config',
    example: '',
    cause: 'One address has two values.',
    remedy: 'Remove one of them.',
  },
  'address-tie': {
    symptom: 'config',
    example: '',
    cause: 'Two addresses with equally many literal segments match one word.',
    remedy: 'Make one of them more specific.',
  },
  'address-conflict': {
    symptom: 'config',
    example: '',
    cause: 'A word is a value at one address and a map of values, or a secret, at another.',
    remedy: 'Rename one of them.',
  },
  'value-unused': {
    symptom: 'config',
    example: '',
    cause: 'No stencil and no patch uses a value or secret of the config.',
    remedy: 'Remove it, or use it.',
  },
  'set-invalid': {
    symptom: 'config',
    example: '',
    cause: 'An entry of the set input names no word that a stencil uses.',
    remedy: 'Mend the word.',
  },
  'word-unterminated': {
    symptom: 'placeholder',
    example: '',
    cause: 'A placeholder begins with ${ and does not end.',
    remedy: 'Add }, or write $${ for a literal ${.',
  },
  'word-malformed': {
    symptom: 'placeholder',
    example: '',
    cause: 'What stands between ${ and } is no word.',
    remedy: 'Write dotted words of letters, digits, _ and -, or $${ for a literal ${.',
  },
  'word-unknown': {
    symptom: 'placeholder',
    example: '',
    cause: 'A placeholder names a word that does not exist.',
    remedy: 'Use a known one.',
  },
  'word-unvalued': {
    symptom: 'placeholder',
    example: '',
    cause: 'A word has no value for this destination and formation.',
    remedy: 'Add an address to the config.',
  },
  'word-in-key': {
    symptom: 'placeholder',
    example: '',
    cause: 'A placeholder stands in a key.',
    remedy: 'Move it into a value, or give the whole map by an unquoted placeholder.',
  },
  'word-not-text': {
    symptom: 'placeholder',
    example: '',
    cause: 'A list, a map or null is put into a text.',
    remedy: 'Write the placeholder unquoted as the whole value, or use a word that is a text or number.',
  },
  'word-restarts-pods': {
    symptom: 'placeholder',
    example: '',
    cause:
      'A pod template holds ${tag} or ${git.sha}, so that each release restarts its pods though nothing else changed.',
    remedy: 'Remove the word, or accept the restarts.',
  },
  'secret-misplaced': {
    symptom: 'placeholder',
    example: '',
    cause:
      "A secret stands outside of data and stringData of a core v1 Secret in the destination's namespace, where it could be read.",
    remedy: 'Put it into a Secret and refer to that.',
  },
  'snapshot-missing': {
    symptom: 'snapshot',
    example: '',
    cause: 'The file of the input snapshot is not there.',
    remedy: 'Run build-retag before, or give a deployment tag.',
  },
  'snapshot-foreign': {
    symptom: 'snapshot',
    example: '',
    cause: 'The snapshot is of another application.',
    remedy: 'Give the one of this application.',
  },
  'snapshot-incomplete': {
    symptom: 'snapshot',
    example: '',
    cause: 'The snapshot has no image of a service, or no Git revision, that a stencil needs.',
    remedy: 'Build the application again.',
  },
  'selection-unused': {
    symptom: 'formation',
    example: '',
    cause: 'A pattern of spec.stencils matches no stencil.',
    remedy: 'Mend or remove it.',
  },
  'patch-unmatched': {
    symptom: 'manifest',
    example: '',
    cause: 'A patch is for an object that the formation does not have.',
    remedy: 'Mend kind and name, or remove it.',
  },
  'patch-invalid': {
    symptom: 'manifest',
    example: '',
    cause: 'A patch cannot be merged into its object.',
    remedy: 'The message says which part.',
  },
  'object-invalid': {
    symptom: 'manifest',
    example: '',
    cause: 'A document is no Kubernetes object.',
    remedy: 'ApiVersion, kind or metadata.name is missing. Add it.',
  },
  'object-name-invalid': {
    symptom: 'manifest',
    example: '',
    cause: 'metadata.name or metadata.namespace is no valid name of an object.',
    remedy: 'Use lower-case letters, digits, - and .',
  },
  'object-duplicate': {
    symptom: 'manifest',
    example: '',
    cause: 'Two manifests define one object.',
    remedy: 'Remove or rename one of them.',
  },
  'line-unknown': {
    symptom: 'output',
    example: '',
    cause:
      'The input explain names a line that the rendered manifests do not have, or that holds nothing but a comment.',
    remedy: 'Name a line as <formation>/<destination>/manifests/<file>:<line>.',
  },
  'object-shared': {
    symptom: 'manifest',
    example: '',
    cause: 'Two destinations have the same object of one cluster, which only one of them can own.',
    remedy: 'Give one of the formations a name-prefix, or a namespace of its own.',
  },
  'manifests-missing': {
    symptom: 'file',
    example: '',
    cause: 'A path or pattern matches no manifest.',
    remedy: 'Mend it.',
  },
  'output-foreign': {
    symptom: 'output',
    example: '',
    cause: 'The folder to write to holds something else than a rendered destination, or is a link.',
    remedy: 'Choose another output folder.',
  },
  'output-outside': {
    symptom: 'output',
    example: '',
    cause: 'A relative output leads out of the workspace, by its steps or by a link.',
    remedy: 'Choose a path in the workspace, or an absolute one.',
  },
  'output-unwritable': {
    symptom: 'output',
    example: '',
    cause: 'The folder to write to is below a file, read-only or full.',
    remedy: 'Choose one that the step may write to.',
  },
  'rendered-missing': {
    symptom: 'tree',
    example: '',
    cause: 'The path holds no rendered tree.',
    remedy: 'Run render-stencil first, or mend the path.',
  },
  'rendered-changed': {
    symptom: 'tree',
    example: '',
    cause: 'Rendered manifests were changed, added or removed after rendering.',
    remedy: 'Change the stencil instead, and render again.',
  },
  'source-invalid': {
    symptom: 'source',
    example: '',
    cause: 'An entry of spec.sources lacks something, or says something that the tool could not be told.',
    remedy: 'The message says what.',
  },
  'source-missing': {
    symptom: 'source',
    example: '',
    cause: 'A chart, a file of values or something that a kustomization.yaml names is not in the workspace.',
    remedy: 'Mend the path, or check out the repository that has it before the step.',
  },
  'source-remote': {
    symptom: 'source',
    example: '',
    cause: 'A kustomization.yaml names something of another host, or asks for a chart or a plugin.',
    remedy: 'Put its files into the repository, and the chart under spec.sources.',
  },
  'source-failed': {
    symptom: 'source',
    example: '',
    cause: 'helm or kubectl kustomize refuses the files that it was given.',
    remedy: 'The message is what it says itself; mend the file.',
  },
  'source-random': {
    symptom: 'source',
    example: '',
    cause:
      'A template of a chart gives something else each time, so that no two runs would be equal (a warning where it only reads the clock).',
    remedy: 'Give it a value instead of what it makes up, or exclude it.',
  },
  'source-hook-dropped': {
    symptom: 'source',
    example: '',
    cause: 'A chart has a hook for a moment that a release of Slipway does not have.',
    remedy: 'Exclude it by spec.stencils if it is not needed.',
  },
  'secret-unseen': {
    symptom: 'source',
    example: '',
    cause:
      'A chart was given a secret among its values, and no manifest has it, either because no template uses it or because one changes it.',
    remedy: 'Let the template put it as it is into a Secret.',
  },
};
