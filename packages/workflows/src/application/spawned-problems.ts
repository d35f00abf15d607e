import { defined, type Problem, quote } from '@slipway/core';
import type { WorkflowErrorCode } from '../error-codes.ts';
import type { Application, SpawnedFormation } from './application.ts';
import type { WorkflowSettings } from './settings.ts';

type Found = Problem<WorkflowErrorCode>;

/** What is wrong with spawned formations, beside what is wrong with any formation. */
export function spawnedProblems(
  { formations, spawned = [] }: Application,
  settings: WorkflowSettings,
): Found[] {
  const promoted = formations.find(({ promotedFrom }) => promotedFrom !== undefined);
  const [first] = spawned;
  return [
    ...spawned.filter(({ destinations }) => destinations.length !== 1).map(severalDestinations),
    ...(first !== undefined && promoted !== undefined && settings.signing === 'none'
      ? [unsigned(first, promoted.name)]
      : []),
  ];
}

function severalDestinations({ name, destinations, at }: SpawnedFormation): Found {
  return {
    code: 'workflow-spawn-destinations',
    ...defined({ at }),
    message: `the formation ${quote(name)} is spawned at ${destinations.length} destinations (${destinations.map(one => one.name).join(', ')}), and workflows are written for one`,
    remedy: 'keep one destination, or write workflows by hand for the others',
  };
}

/** Jobs of pull requests can push, so that only a signature tells what passed from what one of them wrote. */
function unsigned({ name, at }: SpawnedFormation, promoted: string): Found {
  return {
    code: 'workflow-signing-missing',
    ...defined({ at }),
    message: `the formation ${quote(name)} is spawned, and ${quote(promoted)} is promoted by verdicts that are not signed`,
    remedy: 'add --record-key, and the secret RECORD_KEY',
  };
}
