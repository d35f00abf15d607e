/**
 * The stencils' placeholders: `${word}` with dotted words, `$${` for a literal `${`, nothing else. No functions, no
 * defaults, no control flow: differences between environments are patches and values.
 */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'word';
      readonly word: string /** index of `${` in the text */;
      readonly offset: number;
    };

export type TemplateErrorCode = 'word-unterminated' | 'word-malformed';

export interface TemplateProblem {
  readonly code: TemplateErrorCode;
  readonly offset: number;
  readonly text: string;
}

export interface Template {
  readonly parts: readonly TemplatePart[];
  readonly problems: readonly TemplateProblem[];
}

/** Words a stencil may use besides those of the config. */
export const FIXED_WORDS = [
  'tag',
  'formation',
  'application',
  'namespace',
  'destination',
  'git.sha',
  'spawn',
] as const;

/** `image.<service>`, `config.<address>` and `secret.<address>`. */
export const WORD_ROOTS = ['image', 'config', 'secret'] as const;

const WORD_PATTERN = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;

export function hasPlaceholder(text: string): boolean {
  return text.includes('${');
}

/** Splits a text at its placeholders; never throws, so that all problems of a file can be told together. */
export function parseTemplate(text: string): Template {
  const parts: TemplatePart[] = [];
  const problems: TemplateProblem[] = [];
  let literal = '';
  let position = 0;
  const flush = (): void => {
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    literal = '';
  };
  while (position < text.length) {
    const start = text.indexOf('${', position);
    if (start < 0) break;
    if (start > position && text[start - 1] === '$') {
      literal += `${text.slice(position, start - 1)}\${`;
      position = start + 2;
      continue;
    }
    literal += text.slice(position, start);
    const end = text.indexOf('}', start);
    const word = text.slice(start + 2, end < 0 ? undefined : end);
    if (end < 0) {
      problems.push({ code: 'word-unterminated', offset: start, text: text.slice(start) });
      return { parts, problems };
    }
    if (WORD_PATTERN.test(word)) {
      flush();
      parts.push({ kind: 'word', word, offset: start });
    } else problems.push({ code: 'word-malformed', offset: start, text: text.slice(start, end + 1) });
    position = end + 1;
  }
  literal += text.slice(position);
  flush();
  return { parts, problems };
}
