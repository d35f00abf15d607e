import { parseDuration } from '../duration.ts';
import type { Problem } from '../errors.ts';
import { isJsonObject, type JsonValue, valueAt } from '../json.ts';
import { quote } from '../quote.ts';
import type { SourceDocument } from '../source-document.ts';
import { MAX_SPAWNING_NAME_LENGTH } from '../spawn-key.ts';
import { isHostWithin, LONGEST_HOURS, NEVER_SPAWNED, SPAWN_WORD } from './spawn.ts';
import { createProblems, type Found, sharedProblems, wordProblems } from './spawn-forms.ts';
import type { FormatErrorCode } from './validate.ts';

/** What is wrong with a formation that has a spawn block, beside its fields: one sentence each. */
export function spawnProblems(document: SourceDocument): Problem<FormatErrorCode>[] {
  const spec = valueAt(document.value, ['spec']);
  const spawn = isJsonObject(spec) ? spec['spawn'] : undefined;
  if (!isJsonObject(spec)) return [];
  if (!isJsonObject(spawn)) return wordProblems(spec).map(found => located(document, found));
  const found: Found[] = [
    ...nameProblems(valueAt(document.value, ['metadata', 'name'])),
    ...NEVER_SPAWNED.filter(field => Object.hasOwn(spec, field)).map(neverHas),
    ...expiryProblems(spawn['expires']),
    ...urlProblems(spawn['url'], spawn['hosts']),
    ...fenceProblems(spawn),
    ...(spawn['form'] === 'create' ? createProblems(spec, spawn) : sharedProblems(spec, spawn)),
  ];
  return found.map(one => located(document, one));
}

function located(document: SourceDocument, { path, ...problem }: Found): Problem<FormatErrorCode> {
  const at =
    valueAt(document.value, path) === undefined
      ? document.keyPositionOf(['spec', 'spawn'])
      : document.positionOf(path);
  return { code: 'format-invalid', at, ...problem };
}

function nameProblems(name: JsonValue | undefined): Found[] {
  if (typeof name !== 'string' || name.length <= MAX_SPAWNING_NAME_LENGTH) return [];
  return [
    {
      path: ['metadata', 'name'],
      message: `the name of a spawned formation has at most ${MAX_SPAWNING_NAME_LENGTH} characters, since each instance adds its key, and this one has ${name.length}`,
      remedy: 'shorten the name, and that of the file',
    },
  ];
}

function neverHas(field: string): Found {
  return {
    path: ['spec', field],
    message: `a spawned formation has no ${quote(field)}`,
    remedy: `remove ${field} or spawn; what extends would take over of it does not apply either`,
  };
}

function expiryProblems(expires: JsonValue | undefined): Found[] {
  const milliseconds = typeof expires === 'string' ? parseDuration(expires) : undefined;
  if (milliseconds === undefined) return [];
  if (milliseconds > 0 && milliseconds <= LONGEST_HOURS * 3_600_000) return [];
  return [
    {
      path: ['spec', 'spawn', 'expires'],
      message: `"spec.spawn.expires" is ${quote(String(expires))}, and an instance stays for more than 0s and at most ${LONGEST_HOURS}h`,
      remedy: 'write a duration such as 48h',
    },
  ];
}

function urlProblems(url: JsonValue | undefined, hosts: JsonValue | undefined): Found[] {
  if (typeof url !== 'string') return [];
  const path = ['spec', 'spawn', 'url'];
  if (!url.includes(SPAWN_WORD))
    return [
      {
        path,
        message: `"spec.spawn.url" does not contain ${SPAWN_WORD}, so all instances would have one address`,
        remedy: `write it such as https://pr-${SPAWN_WORD}.preview.acme.io`,
      },
    ];
  const host = hostOf(url.replaceAll(SPAWN_WORD, '1'));
  if (host !== undefined && Array.isArray(hosts) && hosts.some(end => isHostWithin(host, String(end))))
    return [];
  return [
    {
      path,
      message: '"spec.spawn.url" is not at one of "spec.spawn.hosts"',
      remedy: 'write an address whose host ends in one of them, or add the host',
    },
  ];
}

function fenceProblems(spawn: Readonly<Record<string, JsonValue>>): Found[] {
  const [none, why] = [spawn['fence'] === 'none', spawn['fence-reason'] !== undefined];
  if (none === why) return [];
  return [
    none
      ? {
          path: ['spec', 'spawn', 'fence'],
          message: '"spec.spawn.fence" is "none", and nothing says why',
          remedy: 'write fence-reason beside it, or give the namespace a fence and remove the field',
        }
      : {
          path: ['spec', 'spawn', 'fence-reason'],
          message: '"spec.spawn.fence-reason" says why there is no fence, and "fence" is not "none"',
          remedy: 'remove it, or write fence: none',
        },
  ];
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
