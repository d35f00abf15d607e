/** A variable of a file, with the line that it begins at. */
export interface FileVariable {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

export interface VariableFile {
  readonly variables: readonly FileVariable[];
  /** The line of a value whose quotes have no end; nothing from there on is read, as it may be a part of the value. */
  readonly openAt?: number;
}

const NAME = /[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*/y;
const QUOTED = /"([^"\\]*(?:\\.[^"\\]*)*)"|'([^']*)'/sy;
const REST = /[^\n]*(?:\n|$)/y;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** `NAME=value` lines of a file of variables, whose values in quotes have several lines. https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax */
export function parseVariables(written: string): VariableFile {
  const text = written.replaceAll('\r\n', '\n');
  const variables: FileVariable[] = [];
  let [at, line] = [0, 1];
  while (at < text.length) {
    const name = matchAt(NAME, text, at);
    const start = at + (name?.[0].length ?? 0);
    const quoted = name === undefined ? undefined : matchAt(QUOTED, text, start);
    if (name !== undefined && quoted === undefined && /["']/.test(text.charAt(start)))
      return { variables, openAt: line };
    const valueEnd = start + (quoted?.[0].length ?? 0);
    const rest = matchAt(REST, text, valueEnd)?.[0] ?? '';
    if (name !== undefined)
      variables.push({ name: name[1] ?? '', value: quotedValue(quoted) ?? plainValue(rest), line });
    const end = valueEnd + rest.length;
    line += text.slice(at, end).split('\n').length - 1;
    at = end;
  }
  return { variables };
}

function matchAt(form: RegExp, text: string, at: number): RegExpExecArray | undefined {
  form.lastIndex = at;
  return form.exec(text) ?? undefined;
}

function quotedValue(quoted: RegExpExecArray | undefined): string | undefined {
  const [, double, single] = quoted ?? [];
  return (
    single ?? double?.replaceAll(/\\([nrt"\\$])/g, (_, character: string) => ESCAPED[character] ?? character)
  );
}

function plainValue(rest: string): string {
  return rest.replace(/(?:^|\s)#.*/s, '').trim();
}
