/** A value of more lines than this is masked as a whole and in its encodings; the runner would keep a list of each of them. */
const MAX_LINES = 10_000;

/**
 * Passes every form of a value to `mask` in which a foreign message could repeat it: as it is (which masks each of its
 * lines), in base64, in base64 for URLs, percent-encoded and inside a JSON string.
 */
export function maskSecret(value: Uint8Array, mask: (value: string) => void): void {
  const bytes = Buffer.from(value);
  mask(bytes.toString('base64'));
  mask(bytes.toString('base64url'));
  const text = bytes.toString('utf8');
  // Bytes that are not text cannot be printed as they are.
  if (!Buffer.from(text, 'utf8').equals(bytes)) return;
  const lines = text.split(/\r\n|\r|\n/);
  const forms = lines.length > MAX_LINES ? [text] : [text, ...lines];
  const masked = forms.flatMap(form => [
    form,
    JSON.stringify(form).slice(1, -1),
    encodeURIComponent(form.toWellFormed()),
  ]);
  for (const form of new Set(masked)) mask(form);
}
