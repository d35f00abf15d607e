import { addresses } from '../functions/addresses.ts';
import { authorizer, authorizerSelectors } from '../functions/authorizer.ts';
import { conversions } from '../functions/conversions.ts';
import { formats } from '../functions/formats.ts';
import { type Overload, overloadsOf } from '../functions/function-table.ts';
import { includes, laxRange, lists, moreLists, range, sets } from '../functions/lists.ts';
import { operators } from '../functions/operators.ts';
import { listOptionals, optionals } from '../functions/optionals.ts';
import { patterns } from '../functions/patterns.ts';
import { quantities } from '../functions/quantities.ts';
import { laxSearches, searches, strings, textFormatting } from '../functions/strings.ts';
import { time } from '../functions/time.ts';
import { urls } from '../functions/urls.ts';
import { versions } from '../functions/versions.ts';
import { parseSignature } from '../types/signature.ts';
import { TWO_VARIABLE_MACROS, TWO_VARIABLES_SINCE } from './comprehensions.ts';

const ALL = [
  operators,
  conversions,
  time,
  strings,
  laxSearches,
  searches,
  textFormatting,
  patterns,
  lists,
  includes,
  moreLists,
  laxRange,
  range,
  sets,
  optionals,
  listOptionals,
  quantities,
  addresses,
  urls,
  versions,
  formats,
  authorizer,
  authorizerSelectors,
];

const macrosSince: Readonly<Record<string, number>> = {
  ...Object.fromEntries(TWO_VARIABLE_MACROS.map(name => [name, TWO_VARIABLES_SINCE])),
  sortBy: moreLists.since,
};

const TABLES = new Map<number, ReadonlyMap<string, readonly Overload[]>>();

/**
 * The functions that policies for a minor version of Kubernetes may use. An API server accepts those of a library one version
 * after their introduction, so that its predecessor can read the policy too.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/environment/base.go#L53
 */
export function functionsOf(minor: number): ReadonlyMap<string, readonly Overload[]> {
  const known = TABLES.get(minor);
  if (known !== undefined) return known;
  const table = overloadsOf(
    ALL.filter(({ since, until = Number.POSITIVE_INFINITY }) => since < minor && minor <= until),
  );
  TABLES.set(minor, table);
  return table;
}

/** The first minor version whose API server accepts a function in policies; undefined for an unknown function. */
export function sinceOf(name: string): number | undefined {
  const macro = macrosSince[name];
  if (macro !== undefined) return macro + 1;
  const library = ALL.find(({ functions }) =>
    functions.some(([signature]) => parseSignature(signature).name === name),
  );
  return library === undefined ? undefined : library.since + 1;
}
