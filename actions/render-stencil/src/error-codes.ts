export type RenderStencilErrorCode = 'snapshot-missing' | 'output-outside';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const renderStencilErrors: Record<RenderStencilErrorCode, string> = {
  'snapshot-missing':
    'The file of the input snapshot is not there. Run build-retag before, or give a deployment tag.',
  'output-outside':
    'A relative output leads out of the workspace, by its steps or by a link. Choose a folder in the workspace, or an absolute one.',
};
