/** The Git revisions of other checkouts that an application is read from. */
export const sharedRevisionsSchema = {
  type: 'object',
  additionalProperties: { type: 'string' },
  description:
    'The Git revisions of shared folders (spec.paths), charts and Kustomize directories in checkouts of their own, by path; not part of the digest.',
} as const;

/** The values that a run set itself. */
export const setSchema = {
  type: 'array',
  items: { type: 'string' },
  description: 'The words whose values the input `set` gave; absent for none.',
} as const;

/** What a release and its verdict say of its stencils and config, besides their commit. */
export const configOriginSchemas = {
  sharedRevisions: sharedRevisionsSchema,
  set: setSchema,
  configFrom: {
    const: 'head',
    description:
      'The formation is promoted from another one, and this was rendered from the checkout of the run, not from the commit that passed.',
  },
} as const;
