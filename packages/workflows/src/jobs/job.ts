import type { AllowedSecrets } from '../application/application.ts';
import type { WorkflowSettings } from '../application/settings.ts';
import { indented } from '../text/lines.ts';
import { flowMap, literal } from '../text/yaml.ts';
import { takesJobToken } from './login.ts';
import type { Writing } from './steps.ts';
import { isLoggedInto } from './store-logins.ts';

/** A permission of the job's token. */
export type Permission = readonly [scope: string, access: 'read' | 'write'];

export interface Job {
  readonly id: string;
  readonly permissions: readonly Permission[];
  /** The lines between the permissions and the steps: `needs`, `strategy`, `environment` and so on. */
  readonly fields: readonly string[];
  readonly steps: readonly string[];
}

/** To read the repository, and the approvals of its pull requests, for changes that someone must have signed off. */
const READ: readonly Permission[] = [
  ['contents', 'read'],
  ['pull-requests', 'read'],
];

/** To read packages or push them (images, or the verdict on a release), where the job's token is what logs in to the registry. */
export function packagesPermission(
  { application, settings }: Writing,
  access: 'read' | 'write',
): Permission[] {
  return takesJobToken(application.registry, settings.target) ? [['packages', access]] : [];
}

/** What a job may do that builds, or takes a snapshot, and checks it. */
export function preparingPermissions(writing: Writing): Permission[] {
  return [...READ, ...packagesPermission(writing, 'write')];
}

/** What a job may do that releases to a cluster. */
export function deployingPermissions(writing: Writing, secrets: AllowedSecrets): Permission[] {
  return [
    ...preparingPermissions(writing),
    ...deploymentsPermission(writing.settings),
    ...tokenPermission(writing.settings, isLoggedInto(secrets) ? 'write' : 'none'),
  ];
}

/** The permission to make GitHub's record of a deployment, where that is Slipway's to make. */
export function deploymentsPermission({ deployments }: WorkflowSettings): Permission[] {
  return deployments === 'exact' ? [['deployments', 'write']] : [];
}

/** The permission to get an identity token, where a login uses one. */
export function tokenPermission(
  { idToken }: WorkflowSettings,
  wanted: 'write' | 'none' = 'none',
): Permission[] {
  return idToken === 'write' || wanted === 'write' ? [['id-token', 'write']] : [];
}

export function permissionsField(permissions: readonly Permission[]): string {
  return `permissions: ${flowMap(permissions)}`;
}

export function jobLines({ settings }: Writing, { id, permissions, fields, steps }: Job): string[] {
  return [
    `${id}:`,
    ...indented([
      `runs-on: ${literal(settings.runsOn)}`,
      permissionsField(permissions),
      ...fields,
      'steps:',
      ...indented(steps),
    ]),
  ];
}
