/** Shorter values would blank out half of a log and protect nothing; GitHub's own masking has the same limit in our runner. */
const MIN_LENGTH = 4;

/** What replaces a secret in a log. */
const MASK = '***';

/**
 * All forms in which a log may show secret values: each value, each of its lines, and both as base64, in URLs and in JSON. The
 * longest come first, so that a value inside another leaves nothing behind.
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

/** Masks secrets. This must happen before anything is cut, as half a secret is no longer found. */
export function mask(text: string, forms: readonly string[]): string {
  return forms.reduce((safe, form) => safe.replaceAll(form, MASK), text);
}

/**
 * For text that the server cut: also masks the longest beginning of a secret at its end.
 */
export function maskCutEnd(text: string, forms: readonly string[]): string {
  const longest = forms[0]?.length ?? 0;
  for (let length = Math.min(longest, text.length); length > 0; length--) {
    const end = text.slice(-length);
    if (forms.some(form => form.startsWith(end))) return `${text.slice(0, -length)}${MASK}`;
  }
  return text;
}

/** The same for text that begins in the middle of a line: also masks the longest end of a secret at its beginning. */
export function maskCutStart(text: string, forms: readonly string[]): string {
  const longest = forms[0]?.length ?? 0;
  for (let length = Math.min(longest, text.length); length > 0; length--) {
    const start = text.slice(0, length);
    if (forms.some(form => form.endsWith(start))) return `${MASK}${text.slice(length)}`;
  }
  return text;
}
