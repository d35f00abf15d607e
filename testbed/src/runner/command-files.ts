/**
 * Reads a file of commands such as GITHUB_OUTPUT: `name=value` lines, and `name<<delimiter` with lines up to the delimiter.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
 * @throws Error for everything that a runner refuses
 */
export function parseCommandFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const opening = /^([^=]+?)<<(.+)$/.exec(line);
    const [, name = '', delimiter = ''] = opening ?? [];
    if (opening === null) {
      const equals = line.indexOf('=');
      if (equals <= 0)
        throw new Error(`line ${index + 1} of the command file is neither name=value nor name<<delimiter`);
      values[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    const end = lines.indexOf(delimiter, index + 1);
    if (end < 0) throw new Error(`the value of ${name} in the command file has no end`);
    values[name] = lines.slice(index + 1, end).join('\n');
    index = end;
  }
  return values;
}
