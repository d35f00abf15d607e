import {
  type AllowedSecrets,
  environmentsOf,
  type Formation,
  targetsOf,
} from '../application/application.ts';
import { takesJobToken } from '../jobs/login.ts';
import { secretVariables, type Writing } from '../jobs/steps.ts';
import { storeNeedsOf } from '../jobs/store-logins.ts';

/** How many names a sentence has. */
const SHOWN = 6;

/** What the environments of decisions need, each a sentence. */
export function decisionNeeds(formations: readonly Formation[]): string[] {
  const waiting = formations.filter(({ steps }) => (steps?.pauses.length ?? 0) > 0);
  const environments = environmentsOf(waiting);
  if (environments.length === 0) return [];
  const named = (behind: string): string => listed(environments.map(name => `${name}${behind}`));
  return [
    `For decisions: KUBECONFIG in ${named('-decide')}, whose reviewers decide, and in ${named('-home')}, with no reviewers and no timer.`,
  ];
}

/**
 * What must be set up on GitHub before a workflow can reach some formations, each a sentence.
 * @param behind what follows the names of their environments
 */
export function needsOf(
  { application, settings }: Writing,
  formations: readonly Formation[],
  secrets: AllowedSecrets,
  login: 'registry' | 'none',
  behind = '',
): string[] {
  const names = ['KUBECONFIG (unless a login below sets it)', ...secretVariables(secrets)];
  return [
    `${names.join(', ')} as secrets ${whose(formations, behind)}.`,
    ...(settings.signing === 'none' ? [] : ['RECORD_KEY as a secret of the repository.']),
    ...storeNeedsOf(secrets),
    ...(login === 'none' || takesJobToken(application.registry, settings.target)
      ? []
      : ['The variable REGISTRY_USER and the secret REGISTRY_TOKEN, or a login of your own.']),
  ];
}

function whose(formations: readonly Formation[], behind: string): string {
  const environments = environmentsOf(formations).map(name => `${name}${behind}`);
  const without = formations
    .flatMap(targetsOf)
    .filter(({ environment }) => environment === '')
    .map(({ formation, destination }) => `${formation}/${destination}`);
  const named = `of the environment${environments.length === 1 ? '' : 's'} ${listed(environments)}`;
  const unnamed = `of the repository, which every branch can read, as no environment is named for ${listed(without)}`;
  return [...(environments.length === 0 ? [] : [named]), ...(without.length === 0 ? [] : [unnamed])].join(
    '; and ',
  );
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}
