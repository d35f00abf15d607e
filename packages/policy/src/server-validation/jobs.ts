import type { JsonObject, Path } from '@slipway/core';
import { type KubernetesObject, kindKey, objectAt, textAt } from '@slipway/kubernetes';
import { failurePolicy } from './failure-policies.ts';
import { conflicting, invalid, missing, type Refusal } from './refusal.ts';
import { scheduleProblem } from './schedule.ts';

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/batch/validation/validation.go */
export function validateJobs(object: KubernetesObject): Refusal[] {
  const spec = objectAt(object, 'spec');
  if (spec === undefined) return [];
  if (kindKey(object) === 'Job.batch') return validateJob(spec, ['spec']);
  if (kindKey(object) !== 'CronJob.batch') return [];
  const schedule = textAt(spec, 'schedule') ?? '';
  const problem = scheduleProblem(schedule);
  const job = objectAt(spec, 'jobTemplate', 'spec');
  return [
    ...(schedule === '' ? [missing(['spec', 'schedule'])] : []),
    ...(schedule !== '' && problem !== undefined ? [invalid(['spec', 'schedule'], problem)] : []),
    ...(job === undefined ? [] : validateJob(job, ['spec', 'jobTemplate', 'spec'])),
  ];
}

function validateJob(spec: JsonObject, path: Path): Refusal[] {
  const isIndexed = spec['completionMode'] === 'Indexed';
  const isSet = (field: string): boolean => (spec[field] ?? null) !== null;
  const policy = textAt(spec, 'template', 'spec', 'restartPolicy');
  return [
    ...(isIndexed && !isSet('completions')
      ? [missing([...path, 'completions'], 'which the mode Indexed needs')]
      : []),
    ...(isIndexed ? [] : ['backoffLimitPerIndex', 'maxFailedIndexes', 'successPolicy'])
      .filter(isSet)
      .map(field => invalid([...path, field], 'must not be set when "completionMode" is not Indexed')),
    ...failurePolicy(spec, path),
    ...(isSet('podFailurePolicy') && policy === 'OnFailure'
      ? [
          conflicting([...path, 'podFailurePolicy'], 'must not be set when the restartPolicy is OnFailure', [
            ...path,
            'template',
            'spec',
            'restartPolicy',
          ]),
        ]
      : []),
  ];
}
