import { parseArgs } from 'node:util';

/**
 * The flags of a command that has no other arguments. `--help` prints the usage and ends the process, and so does, as a failure, anything
 * that is not a flag of it: a misspelt `--check` must not write files.
 *
 * @param usage one line for each flag
 * @returns whether each flag was given
 */
export function readFlags<Flag extends string>(
  usage: string,
  flags: readonly Flag[],
): Readonly<Record<Flag, boolean>> {
  const flag = { type: 'boolean', default: false } as const;
  const options = Object.fromEntries([...flags, 'help'].map(name => [name, flag]));
  try {
    const { values } = parseArgs({ args: process.argv.slice(2), options });
    if (values['help'] !== true) return values as Record<Flag, boolean>;
    console.log(usage);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}
