import { trimStart, UnreadableDockerfile } from './unreadable.ts';

export type DirectiveName = 'syntax' | 'escape' | 'check';

/** `name=value` in a comment at the top of a Dockerfile, as `# escape=...`. */
export interface Directive {
  readonly name: DirectiveName;
  readonly value: string;
}

const NAMES: ReadonlySet<string> = new Set(['syntax', 'escape', 'check']);

/**
 * The directives of the lines, up to the first other line.
 * https://docs.docker.com/reference/dockerfile/#parser-directives
 * @throws UnreadableDockerfile if one is repeated
 */
export function parseDirectives(lines: readonly string[]): Directive[] {
  const found: Directive[] = [];
  for (const line of lines) {
    const directive = parseDirective(line);
    if (directive === undefined) return found;
    if (found.some(({ name }) => name === directive.name))
      throw new UnreadableDockerfile(`the directive ${directive.name} is repeated`);
    found.push(directive);
  }
  return found;
}

function parseDirective(line: string): Directive | undefined {
  if (!line.startsWith('#')) return undefined;
  const match = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*([^\n]+)$/.exec(trimStart(line.slice(1)));
  const name = match?.[1]?.toLowerCase() ?? '';
  if (match === null || !NAMES.has(name)) return undefined;
  const value = match[2]?.trimEnd() ?? '';
  if (value === '') throw new UnreadableDockerfile(`the directive ${name} has no value`);
  return { name: name as DirectiveName, value };
}

/**
 * The image of the frontend that a Dockerfile asks for; undefined for the builder's own.
 * A build argument comes before the directive, and a line `#!` before both does not count.
 */
export function frontendOf(text: string, args: Readonly<Record<string, string>>): string | undefined {
  const chosen = args['BUILDKIT_SYNTAX'];
  if (chosen !== undefined) return firstWord(chosen.trim());
  const lines = text
    .replace(/^\ufeff/, '')
    .replace(/^#![^\n]*\n?/, '')
    .split(/\r?\n/);
  const directive = parseDirectives(lines).find(({ name }) => name === 'syntax');
  return directive === undefined ? undefined : firstWord(directive.value);
}

function firstWord(text: string): string {
  return text.replace(/ [\s\S]*$/, '');
}
