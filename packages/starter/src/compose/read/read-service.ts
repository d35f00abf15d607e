import { quote } from '@slipway/core';
import type { RepositoryFiles } from '../../look/repository-files.ts';
import { nameFrom } from '../../names/names.ts';
import type { ComposeService } from './compose-service.ts';
import { memoryOf, secondsOf } from './durations.ts';
import { type Field, fieldOf, fieldsOf, itemsOf } from './fields.ts';
import { readBuild } from './read-build.ts';
import { readCommand, readHealth } from './read-command.ts';
import { readEnvironment } from './read-environment.ts';
import { readPorts } from './read-ports.ts';
import { readSecretFiles } from './read-secret-files.ts';
import { readVolumes } from './read-volumes.ts';
import { positionOf, type Reading, remark, textOf } from './reading.ts';
import { remarkOnOthers } from './service-fields.ts';
import { wellFormed } from './shapes.ts';

/** A service with the file that it is written in. */
export interface WrittenService {
  readonly name: string;
  readonly field: Field;
  readonly root: Field;
}

/** A service; undefined if nothing says what its image is, of which there is a remark. */
export async function readService(
  given: WrittenService,
  reading: Reading,
  files: RepositoryFiles,
): Promise<ComposeService | undefined> {
  const written = { ...given, field: wellFormed(given.name, given.field, reading) };
  const { field } = written;
  const name = nameOf(written, reading);
  const built = readBuild(written, reading);
  const image = built === undefined ? textOf(reading, fieldOf(field, 'image')) : undefined;
  if (name === undefined || (built === undefined && image === undefined)) {
    remark(
      reading,
      field.path,
      `the service ${quote(written.name)} is left out, as ${name === undefined ? 'its name has no letter' : 'nothing says what its image is'}`,
    );
    return undefined;
  }
  remarkOnOthers(written, reading);
  const of = (key: string): Field | undefined => fieldOf(field, key);
  const limits = resources(field, 'limits');
  const user = textOf(reading, of('user'));
  const workingDirectory = textOf(reading, of('working_dir'));
  return {
    name,
    at: positionOf(reading, field.path),
    ...(built === undefined ? {} : { build: built }),
    ...(image === undefined ? {} : { image }),
    ...defined('command', readCommand(of('entrypoint'), reading)),
    ...defined('args', readCommand(of('command'), reading)),
    variables: await readEnvironment({ service: name, field }, reading, files),
    secretFiles: readSecretFiles({ ...written, name }, reading),
    ports: readPorts(written, reading),
    ...defined('health', readHealth(of('healthcheck'), reading)),
    volumes: readVolumes({ ...written, name }, reading),
    ...defined('user', user),
    ...defined('workingDirectory', workingDirectory),
    ...defined('replicas', numberIn(reading, fieldOf(of('deploy') ?? field, 'replicas') ?? of('scale'))),
    ...defined('memory', measure(reading, limits('memory') ?? of('mem_limit'), memoryOf)),
    ...defined(
      'memoryRequest',
      measure(reading, resources(field, 'reservations')('memory') ?? of('mem_reservation'), memoryOf),
    ),
    ...defined('cpu', measure(reading, limits('cpus') ?? of('cpus'), cpuOf)),
    ...defined('graceSeconds', measure(reading, of('stop_grace_period'), secondsOf)),
    ...dependencies(of('depends_on'), reading),
  };
}

function nameOf({ name, field }: WrittenService, reading: Reading): string | undefined {
  const own = nameFrom(name);
  if (own !== undefined && own !== name)
    remark(
      reading,
      field.path,
      `the service ${quote(name)} becomes ${quote(own)}, since names in a cluster have only a-z, 0-9 and -`,
      {
        kind: 'conflict',
        remedy: `write ${own} where other services name it as their host`,
      },
    );
  return own;
}

function defined<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}

function resources(service: Field, kind: string): (key: string) => Field | undefined {
  const found = ['deploy', 'resources', kind].reduce<Field | undefined>(
    (field, key) => (field === undefined ? undefined : fieldOf(field, key)),
    service,
  );
  return key => (found === undefined ? undefined : fieldOf(found, key));
}

function numberIn(reading: Reading, field: Field | undefined): number | undefined {
  return measure(reading, field, text => (/^\d{1,4}$/.test(text) ? Number(text) : undefined));
}

/** What a text means; a remark if it cannot be told. */
function measure<Value>(
  reading: Reading,
  field: Field | undefined,
  parse: (text: string) => Value | undefined,
): Value | undefined {
  const text = textOf(reading, field);
  if (field === undefined || text === undefined) return undefined;
  const value = parse(text);
  if (value === undefined)
    remark(reading, field.path, `${quote(text)} is not a value that can be taken over, so it is left out`);
  return value;
}

/** A limit of processor time becomes what the scheduler reserves. */
function cpuOf(text: string): string | undefined {
  const cpus = Number(text);
  return text.trim() === '' || !(cpus > 0 && cpus < 1000)
    ? undefined
    : `${Math.max(1, Math.round(cpus * 1000))}m`;
}

/** Services that have to end before this one starts, and those that have to start. */
function dependencies(field: Field | undefined, reading: Reading): Pick<ComposeService, 'after' | 'starts'> {
  if (field === undefined) return { after: [], starts: [] };
  const waits = fieldsOf(field);
  const ended = waits.filter(
    ([, how]) => textOf(reading, fieldOf(how, 'condition')) === 'service_completed_successfully',
  );
  const all =
    waits.length > 0
      ? waits.map(([name]) => name)
      : itemsOf(field).flatMap(item => textOf(reading, item) ?? []);
  const started = all.filter(name => !ended.some(([other]) => other === name));
  if (started.length > 0)
    remark(
      reading,
      field.path,
      `pods start in any order, and one that cannot do without ${started.map(quote).join(', ')} is restarted until it can`,
      { kind: 'note' },
    );
  return {
    after: ended.flatMap(([name]) => nameFrom(name) ?? []),
    starts: started.flatMap(name => nameFrom(name) ?? []),
  };
}
