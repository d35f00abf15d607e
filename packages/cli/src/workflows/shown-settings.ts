import { DEFAULT_SETTINGS, type WorkflowSettings } from '@slipway/workflows';
import type { Arguments } from '../command-line/arguments.ts';
import { shellCommand } from '../outside/shell.ts';
import type { WrittenFile } from './written-files.ts';

type Shown = Pick<WorkflowSettings, 'version' | 'runsOn'>;

/** The settings that show in the files themselves, else as they are by default. */
export function shownSettings(files: readonly Pick<WrittenFile, 'text'>[]): Shown {
  const all = files.map(({ text }) => text).join('\n');
  return {
    version:
      /uses: slipway-dev\/slipway(?:\/actions\/[a-z-]+)?@(\S+)/.exec(all)?.[1] ?? DEFAULT_SETTINGS.version,
    runsOn: /^ +runs-on: "?([A-Za-z0-9._-]+)"?$/m.exec(all)?.[1] ?? DEFAULT_SETTINGS.runsOn,
  };
}

/**
 * The flags by which the files keep these settings.
 * @param isGiven which flags are not needed, as the call has them
 */
export function shownFlags(
  files: readonly Pick<WrittenFile, 'text'>[],
  isGiven: (flag: string) => boolean = () => false,
): string[] {
  const { version, runsOn } = shownSettings(files);
  const shown = [
    ['version', version, DEFAULT_SETTINGS.version],
    ['runs-on', runsOn, DEFAULT_SETTINGS.runsOn],
  ] as const;
  return shown.flatMap(([flag, value, usual]) =>
    value === usual || isGiven(flag) ? [] : [`--${flag}`, value],
  );
}

const CHOICES = ['prefix', 'shared', 'ghes', 'id-token', 'exact-deployments', 'record-key'];
const VALUES = ['repository', 'application', 'branch', 'version', 'runs-on'];

/** The command that writes what was compared with: it has the flags of the call, and what the files show where that has none. */
export function writingCommand(given: Arguments, files: readonly Pick<WrittenFile, 'text'>[]): string {
  const values = VALUES.flatMap(flag => {
    const value = given.text(flag);
    return value === undefined ? [] : [`--${flag}`, value];
  });
  const choices = CHOICES.filter(flag => given.has(flag)).map(flag => `--${flag}`);
  const shown = shownFlags(files, flag => given.has(flag));
  return shellCommand('slipway', ['workflows', ...values, ...choices, ...shown]);
}
