/** Masking shorter lines would blank out half of the log and protect nothing. */
const MIN_SECRET_LENGTH = 4;

/** The lines of a secret that are worth masking; the runner masks line by line. */
export function maskableLines(secret: string): string[] {
  return [...new Set([secret, ...secret.split(/\r\n|\r|\n/)])].filter(
    line => line.trim().length >= MIN_SECRET_LENGTH,
  );
}

/**
 * Replaces every secret by `***`, the longest first, so that nothing is left of one that contains another. Only secrets that occur are
 * sorted, as a file of ten thousand lines has as many secrets and every line of the log passes through here.
 */
export function redact(text: string, secrets: ReadonlySet<string>): string {
  const found: string[] = [];
  for (const secret of secrets) if (text.includes(secret)) found.push(secret);
  return found
    .sort((a, b) => b.length - a.length)
    .reduce((safe, secret) => safe.replaceAll(secret, '***'), text);
}
