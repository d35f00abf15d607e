import type { Command, Flag } from '../../packages/cli/src/command-line/command.ts';

/** The flags of each command as its `--help` has them, for docs/cli.md. */
export function flagLines(commands: readonly Command[]): string[] {
  return commands.flatMap(({ name, operands, flags, example }) => [
    '',
    `### slipway ${name}`,
    '',
    ...(operands === undefined ? [] : [`- **\`${operands.name}\`**${operands.most > 1 ? ', several' : ''}`]),
    ...Object.entries(flags).map(([flag, about]) => flagLine(flag, about)),
    '',
    `\`${example.line}\`: ${plain(example.does)}`,
  ]);
}

function flagLine(flag: string, { value, isList, help }: Flag): string {
  const written = value === undefined ? `--${flag}` : `--${flag} ${value}`;
  return `- **\`${written}\`**${isList === true ? ', several' : ''}: ${plain(help)}`;
}

/** GitHub would take `<destination>` for a tag and show nothing. */
function plain(text: string): string {
  return text.replaceAll('<', '\\<');
}
