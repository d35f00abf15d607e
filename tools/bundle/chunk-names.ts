/** A module of the bundle as it was asked for: `@slipway/render`, `../lib/api.js`. */
export interface RootModule {
  /** What the import says. */
  readonly request: string;
  /** The name of the package that the module's file belongs to. */
  readonly packageName: string;
}

/**
 * The name of a chunk by the modules that it was made for, so that it stays when other code changes: ncc's own names are numbers. The
 * first of several modules in the order of their names decides, ours before others'.
 *
 * @returns a file name without its extension, such as `render` for @slipway/render or `actions-github` for @actions/github
 */
export function chunkName(roots: readonly RootModule[]): string {
  const names = roots.map(nameOf).sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  const [first] = names;
  if (first === undefined) throw new Error('ncc made a chunk for no module');
  return first.name;
}

interface Named {
  readonly name: string;
  readonly isOurs: boolean;
}

function rank({ isOurs }: Named): number {
  return isOurs ? 0 : 1;
}

function nameOf({ request, packageName }: RootModule): Named {
  const isOurs = packageName.startsWith('@slipway/');
  const base = packageName
    .replace(/^@slipway\//, '')
    .replace(/^@/, '')
    .replaceAll(/[^\w.-]/g, '-');
  const file = /([^/]+?)(?:\.[cm]?js)?$/.exec(request)?.[1] ?? '';
  return { name: request.startsWith('.') ? `${base}-${file}` : base, isOurs };
}

/** @throws Error if two chunks have one name, since one would overwrite the other */
export function refuseEqualNames(names: readonly string[]): void {
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`two chunks have the name ${twice.join(', ')}`);
}
