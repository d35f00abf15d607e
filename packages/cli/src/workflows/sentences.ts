import { firstDifference, writtenFor, writtenFrom } from '@slipway/workflows';
import { createTwoFilesPatch } from 'diff';
import type { Compared } from './compare.ts';

/**
 * Why a file is not as it should be: where, what, what to do.
 * @param command the one that writes it
 */
export function sentenceOf(file: Compared, command: string): string {
  const { path, existing, text = '', lost, state } = file;
  if (lost.length > 0)
    return `${path}: the file has a login of ${lost.map(({ job }) => `"${job}"`).join(', ')}, a job that is gone; move the steps between the marks of another job, or drop them with --force`;
  if (state === 'taken')
    return `${path}: the file is a workflow of the application of ${writtenFrom(existing)}, which would lose it; give one of the two applications another "metadata.name"`;
  const reason = reasonOf(file, state, command);
  return `${path}:${firstDifference(existing, text) ?? 1}: ${reason}`;
}

function reasonOf({ path, text = '' }: Compared, state: keyof typeof REASONS, command: string): string {
  if (state === 'edited' && text === '') return EDITED_UNNEEDED;
  const isPlain = !path
    .split('/')
    .at(-1)
    ?.startsWith(`${writtenFor(text)}-`);
  return state === 'foreign' && isPlain ? FOREIGN_PLAIN : REASONS[state].replace('COMMAND', () => command);
}

const FOREIGN_PLAIN =
  'the file was not written by this command; rename it, write files of other names beside it with --prefix, or overwrite it with --force';

const REASONS: Readonly<Record<Exclude<Compared['state'], 'taken'>, string>> = {
  current: 'the file is as it should be',
  missing: 'the file is missing; run COMMAND',
  outdated: 'the file is out of date; run COMMAND',
  edited:
    'the file was changed by hand outside of its logins; take the change back, or overwrite it with --force',
  foreign: 'the file was not written by this command; rename it, or overwrite it with --force',
  unneeded: 'no formation needs the file any more; run COMMAND, which shows and removes it',
  orphaned:
    'the file was written for an application that the repository no longer has under that name, and still runs; remove it, which --force does',
};

/** For a copy of a workflow too, which has its line of the command. */
const EDITED_UNNEEDED =
  'no formation needs the file any more, and it was changed by hand outside of its logins; remove it, which --force does, or the line "slipway:workflow" to keep it as yours';

/** Whether writing would lose what a person wrote, or what another application needs. */
export function losesWork({ state, lost }: Compared): boolean {
  return ['edited', 'foreign', 'orphaned', 'taken'].includes(state) || lost.length > 0;
}

/** Whether what changes is shown: nothing that a person wrote, and no whole file, goes unseen. */
export function isShown(file: Compared): boolean {
  return losesWork(file) || file.state === 'unneeded';
}

/** All that would change, as a unified diff. */
export function differenceOf({ path, text = '', existing }: Compared): string {
  return createTwoFilesPatch(path, path, existing, text, 'as it is', 'as it would be written');
}
