/** The images that a Dockerfile uses, or why they are not known before the build. */
export type DockerfileSources = { readonly images: readonly string[] } | { readonly unknown: string };

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/**
 * The images that a Dockerfile starts or copies from, in any of its stages. They are `unknown` if a name depends on a variable that
 * only the builder knows, or if a file comes from the network: then only a build shows the result.
 * https://docs.docker.com/reference/dockerfile/
 * @param args build arguments
 * @param contexts names that are not images: contexts and other services
 */
export function parseDockerfileSources(
  text: string,
  args: Readonly<Record<string, string>>,
  contexts: readonly string[],
): DockerfileSources {
  const instructions = [...instructionsOf(text)];
  if (instructions.some(addsFromNetwork)) return { unknown: 'its Dockerfile adds a file from the network' };
  const variables = declaredBeforeStages(instructions, args);
  const known = new Set(['scratch', ...contexts]);
  const images = new Set<string>();
  for (const instruction of instructions) {
    for (const image of namesIn(instruction, variables)) {
      if (image === undefined)
        return { unknown: 'its Dockerfile names an image by a variable of the builder' };
      if (!known.has(image) && !/^\d+$/.test(image)) images.add(image);
    }
    const alias = stageName(instruction);
    if (alias !== undefined) known.add(alias.toLowerCase()).add(alias);
  }
  return { images: [...images].sort() };
}

function addsFromNetwork({ name, rest }: Instruction): boolean {
  return name === 'ADD' && /(?:^|\s)(?:https?:\/\/|git@|\S+\.git(?:#|\s))/.test(rest);
}

function stageName({ name, rest }: Instruction): string | undefined {
  return name === 'FROM' ? /\sAS\s+(\S+)/i.exec(rest)?.[1] : undefined;
}

/** Variables of a stage are not resolved, as their values may depend on the stage before. */
function namesIn(
  { name, rest }: Instruction,
  variables: ReadonlyMap<string, string>,
): (string | undefined)[] {
  if (name === 'FROM') return [expand(imageOf(rest), variables)];
  return copiedFrom(name, rest).map(word => expand(word, new Map()));
}

/** Instructions with their lines joined, without comments; the content of a here-document is skipped. */
function* instructionsOf(text: string): Generator<Instruction> {
  const continues = /^#\s*escape\s*=\s*`/im.test(text) ? '`' : '\\';
  const lines = text.split(/\r?\n/).map(line => line.trimEnd());
  for (let index = 0; index < lines.length; ) {
    const { line, next } = joinedLine(lines, index, continues);
    const [, name = '', rest = ''] = /^\s*([A-Za-z]+)\s+(.*)$/.exec(line) ?? [];
    if (name !== '') yield { name: name.toUpperCase(), rest: `${rest} ` };
    index = afterDocuments(lines, next, rest);
  }
}

/** An instruction of several lines may contain comments and empty lines. */
function joinedLine(lines: readonly string[], start: number, continues: string) {
  let line = '';
  for (let index = start; index < lines.length; index++) {
    const part = lines[index] ?? '';
    const isEmpty = /^\s*(?:#|$)/.test(part);
    if (isEmpty && line !== '') continue;
    if (isEmpty || !part.endsWith(continues)) return { line: isEmpty ? line : line + part, next: index + 1 };
    line += `${part.slice(0, -1)} `;
  }
  return { line, next: lines.length };
}

/** https://docs.docker.com/reference/dockerfile/#here-documents */
function afterDocuments(lines: readonly string[], start: number, rest: string): number {
  let next = start;
  for (const [, , end] of rest.matchAll(/<<-?(["']?)([A-Za-z_]\w*)\1/g)) {
    while (next < lines.length && lines[next]?.trim() !== end) next += 1;
    next += 1;
  }
  return next;
}

function declaredBeforeStages(
  instructions: readonly Instruction[],
  args: Readonly<Record<string, string>>,
): Map<string, string> {
  const variables = new Map<string, string>();
  for (const { name, rest } of instructions) {
    if (name !== 'ARG') break;
    for (const [, variable = '', value] of rest.matchAll(/([A-Za-z_]\w*)(?:=("[^"]*"|'[^']*'|\S*))?/g)) {
      const preset = value?.replace(/^(["'])(.*)\1$/, '$2');
      const chosen = args[variable] ?? (preset === undefined ? undefined : expand(preset, variables));
      if (chosen !== undefined) variables.set(variable, chosen);
    }
  }
  return variables;
}

function imageOf(from: string): string {
  return from.split(/\s+/).find(word => word !== '' && !word.startsWith('--')) ?? '';
}

/** `COPY --from=…` and `RUN --mount=…,from=…` */
function copiedFrom(name: string, rest: string): string[] {
  if (name !== 'COPY' && name !== 'RUN' && name !== 'ADD') return [];
  const flags = /^(?:--\S+\s+)*/.exec(rest)?.[0] ?? '';
  return [...flags.matchAll(/(?:--from=|--mount=\S*?\bfrom=)([^\s,]+)/g)].map(([, image = '']) => image);
}

/** Undefined if the value of a variable is not known. */
function expand(text: string, variables: ReadonlyMap<string, string>): string | undefined {
  let isKnown = true;
  const expanded = text.replace(
    /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-([^}]*))?\})/g,
    (_all, plain: string | undefined, braced: string | undefined, preset: string | undefined) => {
      const value = variables.get(plain ?? braced ?? '') ?? preset;
      isKnown &&= value !== undefined;
      return value ?? '';
    },
  );
  return isKnown && !expanded.includes('$') && expanded !== '' ? expanded : undefined;
}
