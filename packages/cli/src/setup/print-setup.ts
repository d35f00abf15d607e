import type { Machine } from '../machine/machine.ts';
import { shellComment } from '../outside/shell.ts';
import { say } from '../tell/say.ts';
import type { Step } from './step.ts';

/** Writes the commands as one script, which people read, change and paste. */
export function printScript(head: readonly string[], steps: readonly Step[], { output }: Machine): void {
  const blocks = steps.map(({ what, where, script }) => [shellComment(`${what} (${where})`), ...script]);
  say(output, [head.map(shellComment), ...blocks].map(lines => lines.join('\n')).join('\n\n'));
}
