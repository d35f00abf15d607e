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
export const renderErrors: Record<RenderErrorCode, string> = {
  'file-missing':
    'A file or folder that is asked for is not there. Mend the path, which counts from the workspace.',
  'file-outside':
    'A path or a symbolic link leads out of the folder that it belongs to. Put the file itself into the repository.',
  'file-unreadable': 'A file is no regular file or may not be read. Replace it by a readable one.',
  'file-too-large': 'A file is larger than any manifest needs to be. Split it.',
  'key-duplicate': 'A map has one key twice, of which only the last would count. Remove one of them.',
  'name-duplicate':
    'Two files are for one formation, or two shared folders have a stencil of one name. Remove or rename one of them.',
  'shared-folder-invalid':
    'A folder of spec.paths is not there, or is none that can be shared. Check the shared repository out into the workspace before the step, or mend the path.',
  'extends-unknown': 'A formation extends one that there is not. Mend the name.',
  'extends-circular': 'Formations extend each other in a circle. Remove extends from one of them.',
  'destinations-missing':
    'A formation has no destinations and no other extends it, so that it is never of use. Add destinations or remove it.',
  'name-prefix-invalid':
    'spec.name-prefix of a formation cannot begin the name of an object. Use lower-case letters, digits, - and .',
  'label-invalid':
    "A label of spec.labels breaks Kubernetes' rules for labels. Use at most 63 letters, digits, -, _ and .",
  'promotion-circular':
    'A formation, by itself or by what it extends, takes only snapshots that passed in it. Mend promoted-from.',
  'target-unknown': 'The formation or destination that is asked for is not declared. Use a declared name.',
  'nothing-to-render':
    'There are no formations, or no stencil is left after the selection of a formation. Add one, or mend spec.stencils.',
  'address-malformed':
    'An address of a value or secret is not <destination>.<formation>.<word>… Write it so; any segment may be *.',
  'address-unknown':
    'An address begins with a destination or formation that is not declared. Use a declared name or *.',
  'address-duplicate': 'One address has two values. Remove one of them.',
  'address-tie':
    'Two addresses with equally many literal segments match one word. Make one of them more specific.',
  'address-conflict':
    'A word is a value at one address and a map of values, or a secret, at another. Rename one of them.',
  'value-unused': 'No stencil and no patch uses a value or secret of the config. Remove it, or use it.',
  'set-invalid': 'An entry of the set input names no word that a stencil uses. Mend the word.',
  'word-unterminated': 'A placeholder begins with ${ and does not end. Add }, or write $${ for a literal ${.',
  'word-malformed':
    'What stands between ${ and } is no word. Write dotted words of letters, digits, _ and -, or $${ for a literal ${.',
  'word-unknown': 'A placeholder names a word that does not exist. Use a known one.',
  'word-unvalued': 'A word has no value for this destination and formation. Add an address to the config.',
  'word-in-key':
    'A placeholder stands in a key. Move it into a value, or give the whole map by an unquoted placeholder.',
  'word-not-text':
    'A list, a map or null is put into a text. Write the placeholder unquoted as the whole value, or use a word that is a text or number.',
  'word-restarts-pods':
    'A pod template holds ${tag} or ${git.sha}, so that each release restarts its pods though nothing else changed. Remove the word, or accept the restarts.',
  'secret-misplaced':
    "A secret stands outside of data and stringData of a core v1 Secret in the destination's namespace, where it could be read. Put it into a Secret and refer to that.",
  'snapshot-missing':
    'The file of the input snapshot is not there. Run build-retag before, or give a deployment tag.',
  'snapshot-foreign': 'The snapshot is of another application. Give the one of this application.',
  'snapshot-incomplete':
    'The snapshot has no image of a service, or no Git revision, that a stencil needs. Build the application again.',
  'selection-unused': 'A pattern of spec.stencils matches no stencil. Mend or remove it.',
  'patch-unmatched':
    'A patch is for an object that the formation does not have. Mend kind and name, or remove it.',
  'patch-invalid': 'A patch cannot be merged into its object. The message says which part.',
  'object-invalid':
    'A document is no Kubernetes object: apiVersion, kind or metadata.name is missing. Add it.',
  'object-name-invalid':
    'metadata.name or metadata.namespace is no valid name of an object. Use lower-case letters, digits, - and .',
  'object-duplicate': 'Two manifests define one object. Remove or rename one of them.',
  'line-unknown':
    'The input explain names a line that the rendered manifests do not have, or that holds nothing but a comment. Name a line as <formation>/<destination>/manifests/<file>:<line>.',
  'object-shared':
    'Two destinations have the same object of one cluster, which only one of them can own. Give one of the formations a name-prefix, or a namespace of its own.',
  'manifests-missing': 'A path or pattern matches no manifest. Mend it.',
  'output-foreign':
    'The folder to write to holds something else than a rendered destination, or is a link. Choose another output folder.',
  'output-outside':
    'A relative output leads out of the workspace, by its steps or by a link. Choose a path in the workspace, or an absolute one.',
  'output-unwritable':
    'The folder to write to is below a file, read-only or full. Choose one that the step may write to.',
  'rendered-missing': 'The path holds no rendered tree. Run render-stencil first, or mend the path.',
  'rendered-changed':
    'Rendered manifests were changed, added or removed after rendering. Change the stencil instead, and render again.',
  'source-invalid':
    'An entry of spec.sources lacks something, or says something that the tool could not be told. The message says what.',
  'source-missing':
    'A chart, a file of values or something that a kustomization.yaml names is not in the workspace. Mend the path, or check out the repository that has it before the step.',
  'source-remote':
    'A kustomization.yaml names something of another host, or asks for a chart or a plugin. Put its files into the repository, and the chart under spec.sources.',
  'source-failed':
    'helm or kubectl kustomize refuses the files that it was given. The message is what it says itself; mend the file.',
  'source-random':
    'A template of a chart gives something else each time, so that no two runs would be equal (a warning where it only reads the clock). Give it a value instead of what it makes up, or exclude it.',
  'source-hook-dropped':
    'A chart has a hook for a moment that a release of Slipway does not have. Exclude it by spec.stencils if it is not needed.',
  'secret-unseen':
    'A chart was given a secret among its values, and no manifest has it, either because no template uses it or because one changes it. Let the template put it as it is into a Secret.',
};
