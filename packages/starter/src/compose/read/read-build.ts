import { posix } from 'node:path';
import { quote, type Service } from '@slipway/core';
import { looksSecret } from '../../literals/secret-literals.ts';
import { type Field, fieldOf, fieldsOf, itemsOf } from './fields.ts';
import type { WrittenService } from './read-service.ts';
import { type Reading, remark, textOf } from './reading.ts';

type Build = NonNullable<Service['build']>;

const READ: ReadonlySet<string> = new Set(['context', 'dockerfile', 'target', 'args']);

/** How the image of a service is built; undefined if nothing is built, or nothing that can be. */
export function readBuild({ name, field }: WrittenService, reading: Reading): Build | undefined {
  const build = fieldOf(field, 'build');
  if (build === undefined) return undefined;
  const isShort = typeof build.value === 'string';
  const written = textOf(reading, isShort ? build : fieldOf(build, 'context')) ?? (isShort ? undefined : '.');
  const context = written === undefined ? undefined : folderOf(written);
  if (context === undefined) {
    remark(
      reading,
      build.path,
      `${quote(written ?? '')} is not a folder of the repository, so the service ${quote(name)} cannot be built from it`,
    );
    return undefined;
  }
  for (const [key, { path }] of isShort ? [] : fieldsOf(build))
    if (!READ.has(key))
      remark(reading, path, `"build.${key}" of the service ${quote(name)} is not taken over`, {
        remedy: 'docs/building.md says what slipway.yaml has',
      });
  const dockerfile = textOf(reading, fieldOf(build, 'dockerfile'));
  const target = textOf(reading, fieldOf(build, 'target'));
  const args = readArguments(fieldOf(build, 'args'), reading);
  return {
    context,
    ...(dockerfile === undefined || dockerfile === 'Dockerfile'
      ? {}
      : { dockerfile: posix.normalize(dockerfile) }),
    ...(target === undefined ? {} : { target }),
    ...(Object.keys(args).length === 0 ? {} : { args }),
  };
}

/** A path below the repository, `.` for the repository itself. */
function folderOf(text: string): string | undefined {
  const path = posix.normalize(text).replace(/\/$/, '');
  return /^(?:[a-z]+:\/\/|git@|\/|~)|^\.\.(?:\/|$)/.test(path) || /^[a-z]+:\/\//.test(text)
    ? undefined
    : path;
}

/** Build arguments show in the history of an image, so that none which looks like a secret is written down. */
function readArguments(field: Field | undefined, reading: Reading): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of field === undefined ? [] : pairs(field)) {
    const text = textOf(reading, value);
    if (text === undefined) continue;
    const own = name === '' ? text.slice(0, text.indexOf('=')) : name;
    const after = name === '' ? text.slice(text.indexOf('=') + 1) : text;
    if (looksSecret(own, after))
      remark(
        reading,
        value.path,
        `the build argument ${quote(own)} looks like a secret, and was copied nowhere`,
        {
          kind: 'secret',
          remedy: 'give it to the build as a secret (docs/building.md)',
        },
      );
    else if (own !== '') found[own] = after;
  }
  return found;
}

/** A map, or a list of `name=value`, whose names are empty. */
function pairs(field: Field): [string, Field][] {
  return Array.isArray(field.value) ? itemsOf(field).map(item => ['', item]) : fieldsOf(field);
}
