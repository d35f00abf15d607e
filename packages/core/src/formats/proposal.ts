import type { FromSchema } from 'json-schema-to-ts';
import { API_VERSION, nameSchema } from './common.ts';
import { positionSchema } from './report.ts';

const remarkSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'message'],
  properties: {
    kind: {
      enum: ['image', 'placeholder', 'secret', 'template', 'placement', 'unread', 'conflict', 'note'],
    },
    at: positionSchema,
    message: { type: 'string', description: 'Half a sentence; it never has a secret.' },
    remedy: { type: 'string' },
  },
} as const;

export const proposalSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/proposal.json',
  title: 'Proposal',
  description:
    '`slipway init --json`: the files that a repository lacks, what was guessed, and what would have to change.',
  type: 'object',
  additionalProperties: false,
  required: [
    'apiVersion',
    'kind',
    'application',
    'written',
    'files',
    'edits',
    'guesses',
    'remarks',
    'questions',
  ],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Proposal' },
    application: nameSchema,
    written: { type: 'boolean', description: 'Whether the files are there now; all of them are, or none.' },
    files: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['path', 'about', 'text'],
        properties: {
          path: { type: 'string', description: 'Relative to the repository.' },
          about: { type: 'string', description: 'What it is for, in half a sentence.' },
          text: { type: 'string' },
        },
      },
    },
    edits: {
      type: 'array',
      description: 'What `--apply-fixes` changes in files that exist, as unified diffs.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['path', 'diff'],
        properties: { path: { type: 'string' }, diff: { type: 'string' } },
      },
    },
    guesses: {
      type: 'array',
      description: 'Lines of the files that are guesses, which the files say too.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['path', 'line', 'why'],
        properties: {
          path: { type: 'string' },
          line: { type: 'integer', minimum: 1 },
          why: { type: 'string' },
        },
      },
    },
    remarks: {
      type: 'array',
      description: 'What would have to change in files that exist, or should be known.',
      items: remarkSchema,
    },
    questions: {
      type: 'array',
      description: 'What a terminal is asked, and `--answer` answers.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'text', 'choices'],
        properties: {
          id: { type: 'string' },
          text: { type: 'string' },
          choices: {
            type: 'array',
            minItems: 1,
            items: { type: 'string' },
            description: 'The likely answer first.',
          },
        },
      },
    },
  },
} as const;

/** What `slipway init` answers. */
export type Proposal = FromSchema<typeof proposalSchema>;
