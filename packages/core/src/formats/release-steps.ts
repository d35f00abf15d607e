/**
 * The state of a release that goes in steps, as far as this version has to know it to leave such a release alone. No run of this
 * version writes it. It is open for more: what another version adds must not make its record a broken one.
 */
export const releaseStepsSchema = {
  type: 'object',
  description:
    'For a release that goes in steps: where it is to be. No run of this version writes it; an open one is left to the version that does.',
  required: ['stable'],
  properties: {
    phase: { type: 'string', description: 'Such as baking or waiting; absent once the release is closed.' },
    'waiting-for': { type: 'string', description: 'What would let it go on, such as the name of a pause.' },
    stable: {
      type: 'object',
      description: 'What serves beside the new version.',
      required: ['release'],
      properties: { release: { type: 'integer', minimum: 1 } },
    },
    times: {
      type: 'object',
      properties: {
        'commit-began': {
          type: ['string', 'null'],
          description:
            'When stable began to be written; absent until then, and for good if the release was undone.',
        },
      },
    },
  },
} as const;
