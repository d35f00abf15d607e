import type { Arguments } from '../command-line/arguments.ts';
import type { Flags } from '../command-line/command.ts';

/** Where files are. */
export const PLACE_FLAGS: Flags = {
  application: {
    value: '<path>',
    help: 'the path of slipway.yaml; by default that of the folder it is called in',
  },
  workspace: {
    value: '<folder>',
    help: 'the folder that has all files, as a job has them; by default the checkout it is called in',
  },
};

/** The flags of a command that say where it looks, for a command that is to look there too. */
export function placeFlags(
  given: Arguments,
  hasContext: (context: string) => boolean = () => true,
): string[] {
  return ['application', 'workspace', 'context', 'repo'].flatMap(flag =>
    given
      .values(flag)
      .filter(value => flag !== 'context' || hasContext(value))
      .flatMap(value => [`--${flag}`, value]),
  );
}

/** Which targets are meant. */
export const TARGET_FLAGS: Flags = {
  formation: { value: '<name>', isList: true, help: 'these formations; by default all' },
  destination: { value: '<name>', isList: true, help: 'these destinations; by default all' },
};

/** What is rendered, and with what. */
export const RENDER_FLAGS: Flags = {
  ...PLACE_FLAGS,
  ...TARGET_FLAGS,
  spawn: {
    value: '<number|branch>',
    help: 'the instance of a spawned formation for this pull request or branch',
  },
  snapshot: {
    value: '<file>',
    help: 'the snapshot.json that build-retag wrote; without one, images stay unresolved',
  },
  set: { value: '<word=value>', isList: true, help: 'values of this run, which win over every config file' },
};

export const JSON_FLAG: Flags = { json: { help: 'prints one JSON document' } };
