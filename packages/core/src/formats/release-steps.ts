import { checksSchema } from './checks.ts';
import { durationSchema, timeSchema } from './common.ts';
import { stepStrategySchema, strategyStepSchema } from './strategy.ts';
import { windowsSchema } from './verify.ts';

export const STEP_PHASES = ['starting', 'baking', 'waiting', 'committing', 'undoing'] as const;
export type StepPhase = (typeof STEP_PHASES)[number];

/** Which pods the held Services select. */
export const STEP_SELECTORS = ['stable', 'both', 'next'] as const;
export type StepSelector = (typeof STEP_SELECTORS)[number];

export const STEP_VERDICTS = ['passed', 'failed', 'inconclusive'] as const;
export type StepVerdict = (typeof STEP_VERDICTS)[number];

/** What a release can wait for besides a pause and `step-2`, the judgement of a step that said nothing. */
export const RESERVED_PAUSES = ['time', 'commit-refused', 'foreign-edit', 'stable'] as const;

const { steps: _steps, ...settings } = stepStrategySchema.properties;

const countsSchema = { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } } as const;

const targetSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['at', 'selector', 'asked', 'real', 'sizes'],
  description: 'What the cluster is to have; whatever it has is brought there by the next run that looks.',
  properties: {
    at: { type: 'integer', minimum: 0, description: 'The step, as an index of `list`.' },
    selector: { enum: STEP_SELECTORS, description: 'Which pods the held Services select.' },
    asked: { type: 'integer', description: 'The percentage of new connections that is asked for.' },
    real: { type: 'number', description: 'The percentage that the sizes amount to.' },
    sizes: {
      ...countsSchema,
      description:
        'The pods of each copy, by the name of the Deployment that it is a copy of; 0 where it is to be gone.',
    },
  },
} as const;

const timesSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['expires'],
  description: "By the API server's clock.",
  properties: {
    since: { ...timeSchema, description: 'When the target was reached; absent until then.' },
    due: { ...timeSchema, description: 'When the step is judged; absent until the target was reached.' },
    expires: { ...timeSchema, description: 'From then on the next run that looks undoes it.' },
    brought: { ...timeSchema, description: 'When the first half was whole; absent until then.' },
    'commit-began': {
      type: ['string', 'null'],
      description:
        'When stable began to be written; absent until then, and for good if the release was undone.',
    },
  },
} as const;

const stableSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['release', 'workloads'],
  description: 'What serves beside the new version.',
  properties: {
    release: { type: 'integer', minimum: 1 },
    workloads: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'uid', 'template'],
        properties: {
          name: { type: 'string' },
          uid: { type: 'string' },
          template: { type: 'string', description: 'The digest of its pod template as it was then.' },
        },
      },
    },
  },
} as const;

const heldSchema = {
  type: 'array',
  description:
    'The objects that are narrowed to some pods while the release is open, and written at its end.',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['apiVersion', 'kind', 'name'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      name: { type: 'string' },
      uid: { type: 'string', description: 'Absent for one that this release adds, until it was written.' },
    },
  },
} as const;

const termsSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['stable-for', 'timeout'],
  description:
    'How its steps are judged: set by the first verify-rollout, so that each of them is judged alike.',
  properties: {
    'stable-for': durationSchema,
    timeout: durationSchema,
    windows: windowsSchema,
    checks: checksSchema,
    prometheus: { type: 'string', description: 'The address that queries are sent to.' },
  },
} as const;

const resultSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['at', 'verdict', 'judged', 'summary'],
  properties: {
    at: { type: 'integer', minimum: 0 },
    verdict: { enum: STEP_VERDICTS },
    judged: timeSchema,
    summary: { type: 'string' },
    checks: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'verdict', 'message'],
        properties: {
          name: { type: 'string' },
          verdict: { enum: STEP_VERDICTS },
          message: { type: 'string' },
        },
      },
    },
  },
} as const;

const decisionSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['at', 'what', 'actor', 'run'],
  properties: {
    at: timeSchema,
    what: { type: 'string', description: 'Such as `continue commit`, `promote` or `reject`.' },
    actor: { type: 'string' },
    run: { type: 'string', description: "The run's address." },
    'approved-by': { type: 'array', items: { type: 'string' } },
    reason: { type: 'string' },
  },
} as const;

const undoSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['verdict', 'by', 'why'],
  description: 'Why it is undone, and what it is closed as then; present from then on.',
  properties: {
    verdict: { enum: ['rolled-back', 'superseded'] },
    by: { enum: ['decision', 'judgement', 'health', 'expires', 'unwatched', 'newer'] },
    why: { type: 'string' },
    differs: {
      type: 'string',
      description:
        'How what users have at the end differs from what served before the release, since someone else changed it; absent if it does not.',
    },
  },
} as const;

/** Where a release that goes in steps is to be. What another version adds makes its record a newer one, and not a broken one. */
export const releaseStepsSchema = {
  type: 'object',
  additionalProperties: false,
  description:
    'For a release that goes in steps: where it is to be. It is kept after the close, without `phase`.',
  required: ['list', 'target', 'times', 'stable', 'held'],
  properties: {
    list: {
      type: 'array',
      minItems: 1,
      items: strategyStepSchema,
      description: 'The steps; the first has the weight 0.',
    },
    settings: {
      type: 'object',
      additionalProperties: false,
      properties: settings,
      description: "What else the formation's strategy says.",
    },
    phase: { enum: STEP_PHASES, description: 'Absent once the release is closed.' },
    'waiting-for': {
      type: 'string',
      description:
        'What would let it go on: the name of a pause, time, step-2 for a judgement that said nothing, commit-refused, foreign-edit or stable.',
    },
    target: targetSchema,
    times: timesSchema,
    stable: stableSchema,
    held: heldSchema,
    terms: termsSchema,
    results: { type: 'array', items: resultSchema },
    decisions: { type: 'array', items: decisionSchema },
    undo: undoSchema,
    force: {
      type: 'boolean',
      description:
        'Whether the next run takes back what others changed, as `continue foreign-edit` has said; absent once it has.',
    },
  },
} as const;
