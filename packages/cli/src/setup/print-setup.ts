import type { Machine } from '../machine/machine.ts';
import { shellComment } from '../outside/shell.ts';
import { say } from '../tell/say.ts';
import type { Step } from './step.ts';

/**
 * Writes the commands as one script, which people read, change and paste. It is one subshell that ends at the first command that fails,
 * so that nothing is stored whose protection could not be made, and the shell of whoever pastes it stays open.
 */
export function printScript(head: readonly string[], steps: readonly Step[], { output }: Machine): void {
  const [own, byHand] = [steps.filter(isOwn), steps.filter(step => !isOwn(step))];
  const blocks = [
    head.map(shellComment),
    ['(', 'set -eu'],
    ...own.map(block),
    // What a cloud has already is refused there, and the commands after it are needed all the same.
    ...(byHand.length === 0 ? [] : [['set +eu'], ...byHand.map(block)]),
  ];
  say(output, `${blocks.map(lines => lines.join('\n')).join('\n\n')}\n)`);
}

function isOwn({ carryOut }: Step): boolean {
  return carryOut !== undefined;
}

function block({ what, where, script }: Step): string[] {
  return [shellComment(`${what} (${where})`), ...script];
}
