import { type Check, fine, missing } from './check.ts';
import type { WrittenJob, WrittenWorkflow } from './written-workflows.ts';

type Needs = Readonly<Record<string, 'read' | 'write'>>;

const IDENTITY: Needs = { 'id-token': 'write' };

/** What actions do with the token of their job, by the beginning of their names. Packages are needed only where they are on GitHub. */
const NEEDS: readonly (readonly [RegExp, Needs])[] = [
  [/^actions\/checkout@/, { contents: 'read' }],
  [
    /^slipway-dev\/slipway\/actions\/pull-request@/,
    { contents: 'read', 'pull-requests': 'write', statuses: 'write' },
  ],
  [/^slipway-dev\/slipway\/actions\/build-retag@/, { packages: 'write' }],
  [/^aws-actions\/configure-aws-credentials@/, IDENTITY],
  [/^google-github-actions\/auth@/, IDENTITY],
  [/^azure\/login@/i, IDENTITY],
];
/** Inputs of a login that uses something stored instead of the identity token. */
const STORED = ['aws-access-key-id', 'credentials_json', 'creds'];

/** Whether the permissions that a job states are enough for its steps. Where it states none, the settings of the repository decide. */
export function permissionChecks(workflows: readonly WrittenWorkflow[], usesPackages: boolean): Check[] {
  return workflows.flatMap(({ path, jobs }) => jobs.flatMap(job => checkJob(path, job, usesPackages)));
}

function checkJob(path: string, job: WrittenJob, usesPackages: boolean): Check[] {
  const { permissions, id } = job;
  if (permissions === undefined || permissions === 'write-all') return [];
  const needed = neededBy(job, usesPackages);
  const lacking = Object.entries(needed).filter(([scope, access]) => {
    const given = permissions === 'read-all' ? 'read' : permissions[scope];
    return !(given === 'write' || (access === 'read' && given === 'read'));
  });
  if (Object.keys(needed).length === 0) return [];
  const looked = { area: 'workflows', what: `permissions of ${path}, job ${id}` } as const;
  if (lacking.length === 0) return [fine(looked)];
  const text = lacking.map(([scope, access]) => `${scope}: ${access}`).join(', ');
  return [missing(looked, `its steps need ${text}`, `add "${text}" to the permissions of the job`)];
}

function neededBy({ steps }: WrittenJob, usesPackages: boolean): Needs {
  const needs = steps.flatMap(({ uses, inputs }) =>
    NEEDS.filter(
      ([pattern, wanted]) =>
        pattern.test(uses) &&
        (usesPackages || !('packages' in wanted)) &&
        !(wanted === IDENTITY && STORED.some(name => name in inputs)),
    ).map(([, wanted]) => wanted),
  );
  const all: Record<string, 'read' | 'write'> = {};
  for (const [scope, access] of needs.flatMap(one => Object.entries(one)))
    if (all[scope] !== 'write') all[scope] = access;
  return all;
}
