/** Shorter values would blank out half of a log and protect nothing; GitHub's own masking has the same limit in our runner. */
const MIN_LENGTH = 4;

/** What stands in a log where a secret was. */
const MASK = '***';

/**
 * Everything that a log may show of secret values: each value, each of its lines, and what base64, URLs and JSON make of them.
 * The longest come first, so that one inside another leaves nothing behind.
 */
export function secretForms(values: readonly string[]): readonly string[] {
  const parts = values.flatMap(value => [value, ...value.split(/\r\n|\r|\n/)]).map(part => part.trim());
  const forms = parts.filter(part => part.length >= MIN_LENGTH).flatMap(encodings);
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length);
}

function encodings(text: string): readonly string[] {
  const base64 = Buffer.from(text).toString('base64').replace(/=+$/, '');
  const json = JSON.stringify(text).slice(1, -1);
  return [text, base64, base64.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(text), json];
}

/** Has to come before anything is cut: half a secret is not found any more. */
export function mask(text: string, forms: readonly string[]): string {
  return forms.reduce((safe, form) => safe.replaceAll(form, MASK), text);
}

/**
 * For text that the server cut: the longest start of a secret that the text ends with goes too.
 */
export function maskCutEnd(text: string, forms: readonly string[]): string {
  const longest = forms[0]?.length ?? 0;
  for (let length = Math.min(longest, text.length); length > 0; length--) {
    const end = text.slice(-length);
    if (forms.some(form => form.startsWith(end))) return `${text.slice(0, -length)}${MASK}`;
  }
  return text;
}

/** The same for text that begins in the middle of a line: the longest end of a secret that it begins with. */
export function maskCutStart(text: string, forms: readonly string[]): string {
  const longest = forms[0]?.length ?? 0;
  for (let length = Math.min(longest, text.length); length > 0; length--) {
    const start = text.slice(0, length);
    if (forms.some(form => form.endsWith(start))) return `${MASK}${text.slice(length)}`;
  }
  return text;
}
