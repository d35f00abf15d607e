import { isJsonObject, type JsonValue, quote } from '@slipway/core';
import { type Field, fieldsOf, itemsOf } from './fields.ts';
import { type Reading, remark } from './reading.ts';

type Shape = 'text' | 'list' | 'map';

const TEXT: readonly Shape[] = ['text'];
const MAP: readonly Shape[] = ['map'];
const LIST: readonly Shape[] = ['list'];
const TEXT_OR_LIST: readonly Shape[] = ['text', 'list'];

/** How a field of a service may be written. https://github.com/compose-spec/compose-spec/blob/main/schema/compose-spec.json */
const SHAPES: Readonly<Record<string, readonly Shape[]>> = {
  image: TEXT,
  build: ['text', 'map'],
  command: TEXT_OR_LIST,
  entrypoint: TEXT_OR_LIST,
  environment: ['map', 'list'],
  env_file: TEXT_OR_LIST,
  ports: LIST,
  expose: LIST,
  depends_on: ['list', 'map'],
  volumes: LIST,
  healthcheck: MAP,
  deploy: MAP,
  scale: TEXT,
  user: TEXT,
  working_dir: TEXT,
  secrets: LIST,
  tmpfs: TEXT_OR_LIST,
  stop_grace_period: TEXT,
  profiles: LIST,
  restart: TEXT,
  mem_limit: TEXT,
  mem_reservation: TEXT,
  cpus: TEXT,
};

/** Fields whose items may be maps. */
const WITH_MAPS: ReadonlySet<string> = new Set(['env_file', 'ports', 'volumes', 'secrets']);

/** A service without the fields that are not written as Compose takes them, each with a remark. */
export function wellFormed(name: string, service: Field, reading: Reading): Field {
  const kept = fieldsOf(service).filter(([key, field]) => isWellFormed(key, field, name, reading));
  return { ...service, value: Object.fromEntries(kept.map(([key, { value }]) => [key, value])) };
}

function isWellFormed(key: string, field: Field, service: string, reading: Reading): boolean {
  const shapes = Object.hasOwn(SHAPES, key) ? SHAPES[key] : undefined;
  if (shapes === undefined || field.value === null) return true;
  if (shapes.includes(shapeOf(field.value))) {
    remarkOnItems(key, field, service, reading);
    return true;
  }
  remark(
    reading,
    field.path,
    `${quote(key)} of the service ${quote(service)} must be a ${shapes.join(' or a ')}, so it is left out`,
  );
  return false;
}

/** What reads the list leaves these out. */
function remarkOnItems(key: string, field: Field, name: string, reading: Reading): void {
  if (!Array.isArray(field.value)) return;
  for (const { value, path } of itemsOf(field))
    if (shapeOf(value) === 'list' || (shapeOf(value) === 'map' && !WITH_MAPS.has(key)))
      remark(
        reading,
        path,
        `an item of ${quote(key)} of the service ${quote(name)} is a ${shapeOf(value)}, so it is left out`,
      );
}

export function shapeOf(value: JsonValue): Shape {
  if (Array.isArray(value)) return 'list';
  return isJsonObject(value) ? 'map' : 'text';
}
