import type { Application, SpawnedFormation } from '../application/application.ts';
import { takesJobToken } from '../jobs/login.ts';
import type { Writing } from '../jobs/steps.ts';
import { indented } from '../text/lines.ts';
import { flowMap, inExpression, literal } from '../text/yaml.ts';

/** What the one spawned formation of an application has in its label and its files; one of several has its own name. */
const USUAL = 'preview';

/** The files of one spawned formation, and the label that asks for an instance. */
export interface PreviewNames {
  readonly label: string;
  /** `preview.yml` and `preview-end.yml`. */
  readonly file: string;
  readonly endFile: string;
  /** `preview-room.yml`, where a second login makes namespaces. */
  readonly roomFile: string;
  /** What follows the title of each file. */
  readonly behind: string;
}

export function previewNames({ spawned = [] }: Application, { name }: SpawnedFormation): PreviewNames {
  const behind = spawned.length === 1 ? '' : `-${name}`;
  return {
    label: spawned.length === 1 ? USUAL : name,
    file: `preview${behind}.yml`,
    endFile: `preview-end${behind}.yml`,
    roomFile: `preview-room${behind}.yml`,
    behind: spawned.length === 1 ? '' : ` of ${name}`,
  };
}

/** The environment without a record of GitHub's own, where that exists: Slipway keeps one for each instance. */
export function previewEnvironment({ settings }: Writing, environment: string): string {
  const name = literal(environment);
  if (settings.target === 'ghes') return `environment: ${name}`;
  return `environment: ${flowMap([
    ['name', name],
    ['deployment', 'false'],
  ])}`;
}

const PULL = 'github.event.pull_request';

/** A pull request that gets an instance: one of this repository and of a person, which is not a draft. */
export const WELCOME: readonly string[] = [
  `${PULL}.head.repo.full_name == github.repository`,
  `!${PULL}.draft`,
  `${PULL}.user.type != 'Bot'`,
];

/** The label is there, and was not there already when another one was added. */
export function asked(label: string): string[] {
  const text = inExpression(label);
  return [
    `contains(${PULL}.labels.*.name, ${text})`,
    `(github.event.action != 'labeled' || github.event.label.name == ${text})`,
  ];
}

/** Whoever marks a draft as ready does not change its labels. */
export const ASKING = '[labeled, synchronize, reopened, ready_for_review]';

/** The condition of a job, all parts of which hold. */
export function condition(all: readonly string[]): string[] {
  return ['if: >-', ...indented(all.map((one, index) => (index === 0 ? one : `&& ${one}`)))];
}

/** The same application as its jobs see it: they push to another registry, and get no key that signs what passed. */
export function previewWriting({ application, settings }: Writing, { registry }: SpawnedFormation): Writing {
  return { application: { ...application, registry }, settings: { ...settings, signing: 'none' } };
}

/** What the job must log in to beside the registry that it pushes to, since it takes what passed from there. */
export function otherLogin({ application, settings }: Writing, { registry }: SpawnedFormation): string[] {
  const [host = ''] = application.registry.split('/');
  if (registry.startsWith(`${host}/`)) return [];
  const token = takesJobToken(application.registry, settings.target) ? " with the job's token" : '';
  return [`Between the marks also a login to ${host}${token}, which only has to read.`];
}
