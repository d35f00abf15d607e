import type { FromSchema } from 'json-schema-to-ts';
import { timeSchema } from './common.ts';
import type { Release } from './release.ts';
import { STEP_PHASES } from './release-steps.ts';

export const openReleaseSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['release', 'phase', 'step', 'steps', 'weight', 'stable'],
  description: 'A release in steps that is open: where it is, what it waits for and until when.',
  properties: {
    release: { type: 'integer', minimum: 1 },
    phase: { enum: STEP_PHASES },
    step: { type: 'integer', minimum: 0, description: 'The step that it is in; 0 sends no user to it.' },
    steps: { type: 'integer', minimum: 0, description: 'The number of the last step.' },
    weight: { type: 'integer', description: 'How many percent of new connections it is to get.' },
    waitingFor: {
      type: 'string',
      description: 'What would let it go on; absent while it goes on by itself.',
    },
    until: {
      ...timeSchema,
      description: 'When its step is judged or, while it waits for someone, when the next look undoes it.',
    },
    stable: { type: 'integer', description: 'The release that all other users have.' },
  },
} as const;

export type OpenRelease = FromSchema<typeof openReleaseSchema>;

/** Where a release in steps is that is open; undefined for any other. */
export function openReleaseOf({
  number,
  steps,
  verdict,
}: Pick<Release, 'number' | 'steps' | 'verdict'>): OpenRelease | undefined {
  if (steps?.phase === undefined || verdict !== undefined) return undefined;
  const { phase, target, times, list, stable, 'waiting-for': waitingFor } = steps;
  const isDue = waitingFor === undefined || waitingFor === 'time';
  const isEnding = phase === 'committing' || phase === 'undoing';
  const until = isEnding ? undefined : isDue ? times.due : times.expires;
  return {
    ...{ release: number, phase, step: target.at, steps: list.length - 1, weight: target.asked },
    ...(waitingFor === undefined ? {} : { waitingFor }),
    ...(until === undefined ? {} : { until }),
    stable: stable.release,
  };
}

/** An open release in steps in one sentence. */
export function openReleaseSentence(open: OpenRelease): string {
  const { release, step, steps, weight, stable } = open;
  const where = `release ${release} goes in steps: step ${step} of ${steps}, at ${weight} %`;
  return `${where}, ${doing(open)}; all others have release ${stable}`;
}

function doing({ phase, waitingFor, until }: OpenRelease): string {
  if (phase === 'committing') return 'it is being committed';
  if (phase === 'undoing') return 'it is being undone';
  if (waitingFor === undefined) return until === undefined ? 'it has begun' : `judged at ${until}`;
  if (waitingFor === 'time') return `waiting for time${until === undefined ? '' : ` until ${until}`}`;
  return `waiting for ${waitingFor}${until === undefined ? '' : ` until ${until}, when it is undone`}`;
}
