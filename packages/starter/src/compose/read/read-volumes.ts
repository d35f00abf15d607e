import { quote } from '@slipway/core';
import { nameFrom } from '../../names/names.ts';
import type { ComposeVolume } from './compose-service.ts';
import { type Field, fieldOf, fieldsOf, itemsOf } from './fields.ts';
import type { WrittenService } from './read-service.ts';
import { type Reading, remark, saysYes, textOf } from './reading.ts';

interface Mount {
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
}

/** Volumes with a name become claims, those without one and `tmpfs` are in memory, and folders of the machine are named. */
export function readVolumes({ name, field }: WrittenService, reading: Reading): readonly ComposeVolume[] {
  const [volumes, tmpfs] = [fieldOf(field, 'volumes'), fieldOf(field, 'tmpfs')];
  const mounted =
    volumes === undefined ? [] : itemsOf(volumes).flatMap(item => volumeOf(item, name, reading));
  const inMemory =
    tmpfs === undefined ? [] : itemsOf(tmpfs).flatMap(item => textOf(reading, item)?.split(':')[0] ?? []);
  const all = [...mounted, ...inMemory.map(path => ({ path, isReadOnly: false }))];
  return all.filter(
    ({ path }, at) => path.startsWith('/') && all.findIndex(other => other.path === path) === at,
  );
}

function volumeOf(item: Field, service: string, reading: Reading): ComposeVolume[] {
  const mount = mountOf(item, reading);
  if (mount === undefined) return [];
  const { source, target: path, isReadOnly } = mount;
  if (source === '') return [{ path, isReadOnly }];
  const claim = /^[./~]|\$/.test(source) ? undefined : nameFrom(source);
  if (claim === undefined) {
    remark(
      reading,
      item.path,
      `${quote(source)} is a path of a machine, so the service ${quote(service)} has nothing at ${quote(path)}`,
      {
        remedy: 'copy it into the image, or write a ConfigMap or a claim into the stencil',
      },
    );
    return [];
  }
  remark(
    reading,
    item.path,
    `the volume ${quote(source)} becomes a claim, which is empty at first: what is in it on a machine is not moved`,
    { kind: 'note' },
  );
  return [{ claim, path, isReadOnly }];
}

/** `[source:]target[:options]`, or the long form. */
function mountOf(item: Field, reading: Reading): Mount | undefined {
  const target = textOf(reading, fieldOf(item, 'target'));
  if (target !== undefined) return longMount(item, target, reading);
  const text = textOf(reading, item);
  if (text === undefined) return undefined;
  const [first = '', second, options = ''] = text.split(':');
  return second === undefined
    ? { source: '', target: first, isReadOnly: false }
    : { source: first, target: second, isReadOnly: options.split(',').includes('ro') };
}

const LONG: ReadonlySet<string> = new Set(['type', 'source', 'target', 'read_only']);

function longMount(item: Field, target: string, reading: Reading): Mount {
  for (const [key, { path }] of fieldsOf(item))
    if (!LONG.has(key)) remark(reading, path, `${quote(key)} of a volume is not taken over`);
  const isMemory = textOf(reading, fieldOf(item, 'type')) === 'tmpfs';
  return {
    source: isMemory ? '' : (textOf(reading, fieldOf(item, 'source')) ?? ''),
    target,
    isReadOnly: saysYes(reading, fieldOf(item, 'read_only')),
  };
}
