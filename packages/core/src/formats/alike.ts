import { timeSchema } from './common.ts';

/** The longest sentences and lists are those of the destinations themselves, so that these repeat none of them. */
const reasonsSchema = { type: 'array', items: { type: 'string' } } as const;

const latestSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['deploymentTag', 'configCommit', 'destination', 'since'],
  description:
    'The newest release that succeeded at a destination of the formation and is not a rollback; absent if none is known.',
  properties: {
    deploymentTag: { type: 'string' },
    commit: { type: 'string', description: 'The commit that the images were built from.' },
    configCommit: { type: 'string', description: 'The commit of stencils, values and rules.' },
    destination: { type: 'string', description: 'Where it began last.' },
    since: { ...timeSchema, description: 'When it began there.' },
  },
} as const;

/** Which destinations of a formation run its latest release. */
export const alikeSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['formation', 'alike', 'different', 'unknown'],
  description: 'Which of the destinations of a formation run its latest release, each in one of three lists.',
  properties: {
    formation: { type: 'string' },
    latest: latestSchema,
    alike: {
      type: 'array',
      items: { type: 'string' },
      description: 'Those that are proven to run the same images and configuration, unchanged since.',
    },
    different: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['destination', 'how'],
        properties: {
          destination: { type: 'string' },
          how: { ...reasonsSchema, description: 'In what they differ.' },
        },
      },
    },
    unknown: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['destination', 'why'],
        properties: {
          destination: { type: 'string' },
          why: { ...reasonsSchema, description: 'Why it is not known.' },
          how: { ...reasonsSchema, description: 'In what they differ as far as was seen.' },
        },
      },
    },
  },
} as const;
