import type { Arguments } from '../command-line/arguments.ts';
import { shellCommand } from '../outside/shell.ts';
import { placeFlags } from '../rendering/target-flags.ts';
import { type SetupTarget, targetName } from '../setup/targets.ts';

/**
 * The command that sets formations up where this one looks at them.
 * @param targets all that this one looks at; a context for one of another formation is left out, as setup would refuse it
 */
export function setupFor(
  given: Arguments,
  targets: readonly SetupTarget[],
  formations: readonly string[],
): string {
  const own = targets.filter(({ formation }) => formations.includes(formation));
  const isOthers = (context: string): boolean => names(targets, context) && !names(own, context);
  const flags = placeFlags(given, value => !isOthers(value));
  return shellCommand('slipway', ['setup', ...formations, ...flags]);
}

/** Whether a context is for one of these destinations by name. */
function names(targets: readonly SetupTarget[], context: string): boolean {
  return targets.some(target =>
    [targetName(target), target.destination].some(name => context.startsWith(`${name}=`)),
  );
}
