import { basename } from 'node:path';
import { environmentFlag } from '../outside/github-api.ts';
import { shellCommand, shellWord } from '../outside/shell.ts';
import { advice, type Check, fine, type Looked, missing, unknown } from './check.ts';
import type { WrittenJob, WrittenWorkflow } from './written-workflows.ts';

/** Names of secrets; undefined where they cannot be listed. */
export interface KnownSecrets {
  readonly repository: ReadonlySet<string> | undefined;
  /** Those that the organisation gives the repository. */
  readonly organisation: ReadonlySet<string> | undefined;
  /** By the name of the environment in lower case. */
  readonly environments: ReadonlyMap<string, ReadonlySet<string> | undefined>;
}

/** What a fix is written for. */
export interface SecretPlace {
  /** As gh takes it. */
  readonly repository: string;
  /** Those of the application, in the order of its formations: what an expression may be. */
  readonly environments: readonly string[];
  /** Those in which releases in steps are looked at, likewise. */
  readonly homes: readonly string[];
  /** The command that stores the kubeconfig. */
  readonly setup: string;
  /** The command that writes the workflows. */
  readonly workflows: string;
  /** The same for each secret with one. */
  readonly kubeconfigs: ReadonlyMap<string, string>;
}

/** Whether each secret that a workflow uses or passes on is where GitHub looks for it. */
export function secretChecks(
  workflows: readonly WrittenWorkflow[],
  known: KnownSecrets,
  place: SecretPlace,
): Check[] {
  return workflows.flatMap(({ path, jobs, isScheduledLook }) => {
    const chosen = isScheduledLook ? place.homes : place.environments;
    return jobs.flatMap(job => [
      ...usedChecks(path, job, known, { ...place, chosen }),
      ...passedChecks(path, job, known, place),
    ]);
  });
}

/** What no release needs. */
const VIEWER = 'VIEWER_KUBECONFIG';
const ONLY_STATUS = 'it does not exist; releases do without it, and the workflow knows nothing';

function usedChecks(
  path: string,
  job: WrittenJob,
  known: KnownSecrets,
  place: SecretPlace & { readonly chosen: readonly string[] },
): Check[] {
  const { environment, secrets, id } = job;
  // An expression chooses among the environments of the application.
  const isChosen = environment?.includes('${{') === true;
  const names = environment === undefined ? [undefined] : isChosen ? place.chosen : [environment];
  return secrets.flatMap(secret =>
    names.map(name => {
      const where = name === undefined ? '' : ` in the environment ${name}`;
      const looked = { area: 'workflows', what: `secret ${secret}${where} (${path}, job ${id})` } as const;
      return checkSecret(looked, secret, name, known, { ...place, file: basename(path) });
    }),
  );
}

function checkSecret(
  looked: Looked,
  secret: string,
  environment: string | undefined,
  known: KnownSecrets,
  place: SecretPlace & { readonly file?: string },
): Check {
  const sets = [
    ...(environment === undefined ? [] : [known.environments.get(environment.toLowerCase())]),
    known.repository,
    known.organisation,
  ];
  if (sets.some(set => set?.has(secret))) return fine(looked);
  if (environment !== undefined && !known.environments.has(environment.toLowerCase()) && known.repository)
    return missing(looked, 'the environment does not exist', place.setup);
  // The organisation's cannot be listed by everyone; what is in neither of the others is theirs or no one's.
  if (sets.slice(0, -1).some(set => set === undefined))
    return unknown(looked, 'this account may not list secrets');
  const fix = place.kubeconfigs.get(secret) ?? storeCommand(secret, environment, place);
  if (secret === VIEWER)
    return advice(
      looked,
      ONLY_STATUS,
      `${fix}, or gh workflow disable ${shellWord(place.file ?? 'status.yml')}`,
    );
  const detail =
    known.organisation === undefined
      ? 'it is neither in the environment nor in the repository; whether the organisation has it is not known'
      : 'it does not exist, so that it is empty';
  return missing(looked, detail, fix);
}

function storeCommand(secret: string, environment: string | undefined, { repository }: SecretPlace): string {
  const place = environment === undefined ? [] : environmentFlag(environment);
  return shellCommand('gh', ['secret', 'set', secret, '--repo', repository, ...place]);
}

/**
 * A job that calls a workflow is in no environment, so what it passes on is looked for in the repository and the organisation only. What
 * the called workflow's own jobs see of their environments, they see by `secrets: inherit`.
 * https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows
 */
function passedChecks(path: string, job: WrittenJob, known: KnownSecrets, place: SecretPlace): Check[] {
  const { calls, passes, id } = job;
  if (calls === undefined) return [];
  if (passes === 'inherit') return inheritedChecks(path, job, place);
  return passes.map(secret => {
    const looked = { area: 'workflows', what: `secret ${secret} passed on by ${path}, job ${id}` } as const;
    const holders = [...known.environments].filter(([, set]) => set?.has(secret)).map(([name]) => name);
    const found = checkSecret(looked, secret, undefined, known, place);
    if (found.state !== 'missing' || holders.length === 0) return found;
    return missing(
      looked,
      `it is a secret of the environment ${holders.join(', ')}, which a job that calls a workflow is not in, so it arrives empty`,
      `${place.workflows}, whose jobs are in their environments; or ${storeCommand(secret, undefined, place)}, which every branch can read`,
    );
  });
}

function inheritedChecks(
  path: string,
  { calls = '', id }: WrittenJob,
  { repository, workflows }: SecretPlace,
): Check[] {
  const looked = { area: 'workflows', what: `secrets inherited by ${path}, job ${id}` } as const;
  const owner = repository.split('/').at(-2)?.toLowerCase();
  const isOwn = calls.startsWith('./') || calls.split('/')[0]?.toLowerCase() === owner;
  return isOwn
    ? []
    : [
        missing(
          looked,
          `${calls} is of another owner, and only workflows of the same organisation or enterprise inherit secrets`,
          `pass each secret on by its name, or use ${workflows}`,
        ),
      ];
}
