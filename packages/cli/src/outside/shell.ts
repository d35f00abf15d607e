/** A word of a POSIX shell: as it is where nothing in it means anything to the shell, else in single quotes. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command with its arguments. */
export function shellCommand(program: string, args: readonly string[]): string {
  return [program, ...args].map(shellWord).join(' ');
}

/** A command with a text as its standard input, in which the shell replaces nothing. */
export function withInput(command: string, text: string): string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const end = endMarkFor(lines);
  return [`${command} <<'${end}'`, ...lines, end];
}

/** The same for a text in which the shell replaces what was not made literal with `literalInExpanded`. */
export function withExpandedInput(command: string, lines: readonly string[]): string[] {
  const end = endMarkFor(lines);
  return [`${command} <<${end}`, ...lines, end];
}

/** A text in a here-document whose end mark has no quotes. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_07_04 */
export function literalInExpanded(text: string): string {
  return text.replaceAll(/[\\$`]/g, '\\$&');
}

/** A comment; a name with a line break must not begin a command. */
export function shellComment(text: string): string {
  return `# ${text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')}`;
}

/** A line that no text ends early by having it too. */
function endMarkFor(lines: readonly string[]): string {
  let end = 'EOF';
  while (lines.includes(end)) end += '_';
  return end;
}
