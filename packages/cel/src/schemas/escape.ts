/** Words that expressions can't use as names: https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/escaping.go#L28 */
const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

const escapes: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** The name that expressions use for a field of a custom resource; undefined for one that they can't reach. */
export function escapeName(name: string): string | undefined {
  if (name === '' || /^\d/.test(name) || /[^\w./-]/.test(name)) return undefined;
  if (RESERVED.has(name)) return `__${name}__`;
  return name.replace(/__|[./-]/g, part => escapes[part] ?? part);
}
