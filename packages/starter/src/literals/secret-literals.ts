/** Names of variables and keys whose values are secrets. */
const NAMES =
  /(?:^|[._-])(?:passw(?:or)?d|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|auth|dsn|connection[_-]?string)(?:[._-]?(?:base|key|value|b64|[0-9]))?$/i;

/** What only secrets look like, by the prefixes and forms that their issuers document. */
const FORMS: readonly RegExp[] = [
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36,}\b/,
  /\bgithub_pat_[A-Za-z0-9_]{60,}\b/,
  /\bglpat-[A-Za-z0-9_-]{20,}/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/,
  /\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}/,
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /\bAIza[0-9A-Za-z_-]{35}\b/,
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/,
  // A password in an address.
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/?#@]*:[^\s/?#@${<]{3,}@/i,
];

/** A word that takes the place of a value: of a template, of an example, or of an expression. */
const STAND_IN =
  /^(?:$|\$\{|\$\(|\$[A-Za-z_]|\{\{|<|%\(|(?:change|replace)[-_ ]?me|x{3,}|\*{3,}|true|false|null|none)/i;

/** Whether a value is likely to be a secret, by what it is called or what it looks like. Nothing says so for certain. */
export function looksSecret(name: string, value: string): boolean {
  if (FORMS.some(form => form.test(value))) return true;
  return NAMES.test(snakeCase(name)) && !STAND_IN.test(value.trim());
}

/** `apiKey` as `api_Key`, so that its words are found. */
function snakeCase(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2');
}
