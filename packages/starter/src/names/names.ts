import { isName, MAX_NAME_LENGTH, SNAPSHOTS_REPOSITORY } from '@slipway/core';

/** Folders whose content is for tests and readers, and is not deployed. */
const SAMPLES =
  /^(?:tests?|testdata|__tests__|fixtures?|e2e|examples?|samples?|docs?|documentation|third[_-]?party)$/i;

/** Whether a file is for tests, for readers or for tools of developers, by one of its folders. */
export function isSample(path: string): boolean {
  return path
    .split('/')
    .slice(0, -1)
    .some(folder => folder.startsWith('.') || SAMPLES.test(folder));
}

/** A name of Slipway's that is as near to a text as one can be; undefined if the text has no letter or digit. */
export function nameFrom(text: string): string | undefined {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_NAME_LENGTH)
    .replaceAll(/^-+|-+$/g, '');
  return isName(name) && name !== SNAPSHOTS_REPOSITORY ? name : undefined;
}

/** The folder of a path; empty for the root. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** The last part of a path. */
export function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** In the order in which a release goes through them. */
const STAGES: readonly RegExp[] = [
  /^(?:dev|develop(?:ment)?)$/,
  /^(?:test|testing|qa|int|integration|uat)$/,
  /^(?:stag(?:e|ing)|preprod|pre-production)$/,
  /^(?:prod|production|live)$/,
];

/** How far a name of an environment is on the way to production; undefined for a name that says nothing about it. */
export function stageOf(name: string): number | undefined {
  const index = STAGES.findIndex(stage => stage.test(name.toLowerCase()));
  return index < 0 ? undefined : index;
}

/** Whether the last stage, where nothing should arrive that did not pass elsewhere. */
export function isProduction(name: string): boolean {
  return stageOf(name) === STAGES.length - 1;
}
