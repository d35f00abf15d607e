export type RenderStencilErrorCode = 'snapshot-missing';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const renderStencilErrors: Record<RenderStencilErrorCode, string> = {
  'snapshot-missing':
    'The file of the input snapshot is not there. Run build-retag before, or give a deployment tag.',
};
