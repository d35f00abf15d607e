/** A word that takes the place of a value: of a template, of an example, or of an expression. */
const STAND_IN =
  /^(?:$|\$\{|\$\(|\$[A-Za-z_]|\{\{|<|%\(|(?:change|replace)[-_ ]?me|x{3,}|\*{3,}|true|false|null|none)/i;

export function isStandIn(value: string): boolean {
  return STAND_IN.test(value.trim());
}

/** What a name in a longer text has behind it otherwise, where much is an expression or prose. */
const OTHERS: readonly RegExp[] = [
  // A parameter of a shell, of a format or of a template.
  /^(?:\$[\w@*{($]|%[a-z({]|[{[@#:<])/i,
  // A file, an address without a password, and a number such as a length.
  /^\.{0,2}\/[\w./-]*$/,
  /^[a-z][a-z0-9+.-]*:\/\//i,
  /^\d{1,5}$/,
  // A call, and a field of what programs keep settings in.
  /^[A-Za-z_]\w*\(|^(?:args|config|env|options|os|params|process|req|request|self|settings|this)\./,
  /^(?:basic|bearer|default|disabled|enabled|optional|required|string|text|your[-_ ].*)$/i,
];

/** Whether a value behind such a name is one that a program takes as it is. */
export function isWrittenOut(value: string): boolean {
  return !isStandIn(value) && !OTHERS.some(other => other.test(value));
}
