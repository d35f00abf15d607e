import { looksSecret } from '../../literals/secret-literals.ts';

/** A piece of a text: as it is, or the name of a variable without a value that may be written down. */
export type Part = { readonly text: string } | { readonly variable: string };

/** The variables of `.env`, which Compose reads beside the file. */
export type Settings = ReadonlyMap<string, string>;

/** https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md */
const VARIABLE =
  /\$(?:(?<escaped>\$)|(?<plain>[A-Za-z_]\w*)|\{(?<name>[A-Za-z_]\w*)(?:(?<operator>:?[-?+])(?<operand>(?:[^{}]|\{[^{}]*\})*))?\})/g;

/** A text with the values of its variables. One that is or looks like a secret stays a variable, whatever its value is. */
export function interpolate(text: string, settings: Settings): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    parts.push({ text: text.slice(end, match.index) }, ...partsFor(match.groups ?? {}, settings));
    end = match.index + match[0].length;
  }
  parts.push({ text: text.slice(end) });
  return joined(parts);
}

/** Texts beside each other as one, and no empty one. */
export function joined(parts: readonly Part[]): readonly Part[] {
  const all: Part[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if ('text' in part && last !== undefined && 'text' in last)
      all[all.length - 1] = { text: last.text + part.text };
    else if (!('text' in part) || part.text !== '') all.push(part);
  }
  return all;
}

/** A text as people write it, in which no secret is repeated. */
export function shownText(parts: readonly Part[]): string {
  return parts.map(part => ('text' in part ? part.text : `\${${part.variable}}`)).join('');
}

function partsFor(groups: Readonly<Record<string, string | undefined>>, settings: Settings): readonly Part[] {
  const { escaped, plain, operator = '', operand = '' } = groups;
  const name = groups['name'] ?? plain ?? '';
  if (escaped !== undefined) return [{ text: '$' }];
  const value = settings.get(name);
  const isSet = operator.startsWith(':') ? Boolean(value) : value !== undefined;
  if (operator.endsWith('+')) return isSet ? interpolate(operand, settings) : [];
  if (isSet && value !== undefined)
    return looksSecret(name, value) ? [{ variable: name }] : [{ text: value }];
  if (!operator.endsWith('-') || looksSecret(name, operand)) return [{ variable: name }];
  return interpolate(operand, settings);
}
