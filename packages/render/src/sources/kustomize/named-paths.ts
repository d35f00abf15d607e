import { isJsonObject, type JsonValue, type Path, valueAt } from '@slipway/core';

/** Lists of files and folders, of plugins' settings, which may be inline text, and of maps that contain paths. */
const PATH_LISTS = ['resources', 'bases', 'components', 'crds', 'configurations'];
const SETTING_LISTS = ['generators', 'transformers', 'validators'];
const OBJECT_LISTS = ['patches', 'patchesJson6902', 'replacements'];
const CONTENT_LISTS = ['configMapGenerator', 'secretGenerator'];

export interface Named {
  readonly text: string;
  /** The path in the kustomization file. */
  readonly where: Path;
  /** Whether it may be the settings of a plugin instead of a path to them. */
  readonly isSetting: boolean;
}

/** All paths that a kustomization file reads. */
export function namedPaths(value: JsonValue): Named[] {
  const named = (where: Path, text: JsonValue | undefined, isSetting = false): Named[] =>
    typeof text === 'string' ? [{ text, where, isSetting }] : [];
  const items = (path: Path): [Path, JsonValue][] => {
    const list = valueAt(value, path);
    return Array.isArray(list) ? list.map((item, index) => [[...path, index], item]) : [];
  };
  return [
    ...PATH_LISTS.flatMap(field => items([field]).flatMap(([where, item]) => named(where, item))),
    ...SETTING_LISTS.flatMap(field => items([field]).flatMap(([where, item]) => named(where, item, true))),
    ...items(['patchesStrategicMerge']).flatMap(([where, item]) =>
      isInline(item) ? [] : named(where, item),
    ),
    ...OBJECT_LISTS.flatMap(field =>
      items([field]).flatMap(([where, item]) => named([...where, 'path'], valueAt(item, ['path']))),
    ),
    ...CONTENT_LISTS.flatMap(field =>
      items([field]).flatMap(([where, item]) => [
        ...['files', 'envs'].flatMap(list =>
          items([...where, list]).flatMap(([place, entry]) => named(place, withoutKey(entry, list))),
        ),
        ...named([...where, 'env'], valueAt(item, ['env'])),
      ]),
    ),
    ...named(['openapi', 'path'], valueAt(value, ['openapi', 'path'])),
  ];
}

/** The path of an entry `key=path` of `files`. */
function withoutKey(entry: JsonValue, list: string): JsonValue {
  return list === 'files' && typeof entry === 'string' ? entry.replace(/^[^=]*=/, '') : entry;
}

const SETTING_FIELDS: ReadonlySet<string> = new Set([
  'path',
  'paths',
  'files',
  'envs',
  'env',
  'resources',
  'repo',
  'chartHome',
]);

/** The paths that the settings of a generator or transformer may read. */
export function settingPaths(
  value: JsonValue,
  where: Path = [],
  isPath = false,
): { text: string; where: Path }[] {
  if (typeof value === 'string') return isPath ? [{ text: withoutKey(value, 'files') as string, where }] : [];
  if (Array.isArray(value))
    return value.flatMap((item, index) => settingPaths(item, [...where, index], isPath));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    settingPaths(item, [...where, key], isPath || SETTING_FIELDS.has(key)),
  );
}

/** Whether a text is the content itself and not the path to it. */
export function isInline(text: JsonValue): boolean {
  return typeof text === 'string' && (text.includes('\n') || text.trimStart().startsWith('{'));
}
