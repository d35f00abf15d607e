import { isJsonObject, type LiveRelease, type Release } from '@slipway/core';

/** What a release was rendered with besides the commit of its stencils and config. */
export type ConfigBeside = NonNullable<LiveRelease['beside']>;

/** Characters of an annotation, which shares its room with the list of objects. */
const MOST = 16 * 1024;

export function besideOf({
  set = [],
  sharedRevisions = {},
}: Pick<Release, 'set' | 'sharedRevisions'>): ConfigBeside {
  return { set: [...set].sort(), sharedRevisions: { ...sharedRevisions } };
}

/** The same as the text of an annotation; undefined if it is too long, so that it counts as not noted. */
export function besideText(release: Pick<Release, 'set' | 'sharedRevisions'>): string | undefined {
  const text = JSON.stringify(besideOf(release));
  return text.length > MOST ? undefined : text;
}

/** Undefined for what is not such a text: anyone who may change Leases may have written it. */
export function parseBeside(text: string | undefined): ConfigBeside | undefined {
  if (text === undefined || text.length > MOST) return undefined;
  const found = jsonOf(text);
  if (!isJsonObject(found)) return undefined;
  const { set, sharedRevisions } = found;
  if (!Array.isArray(set) || !isJsonObject(sharedRevisions)) return undefined;
  const isText = (value: unknown): value is string => typeof value === 'string';
  if (!set.every(isText) || !Object.values(sharedRevisions).every(isText)) return undefined;
  return { set, sharedRevisions: sharedRevisions as Record<string, string> };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
