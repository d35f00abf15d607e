import { quote } from '@slipway/core';
import type { ComposePort } from './compose-service.ts';
import { type Field, fieldOf, fieldsOf, itemsOf } from './fields.ts';
import type { WrittenService } from './read-service.ts';
import { type Reading, remark, textOf } from './reading.ts';

/** So many ports of one range are written down. */
const MOST = 16;

/** The ports that a service listens on, by which others of the file reach it; those of the machine are named only. */
export function readPorts({ field, name }: WrittenService, reading: Reading): readonly ComposePort[] {
  const [ports, expose] = [fieldOf(field, 'ports'), fieldOf(field, 'expose')];
  const published = ports === undefined ? [] : itemsOf(ports).flatMap(item => portsOf(item, reading));
  const exposed = expose === undefined ? [] : itemsOf(expose).flatMap(item => portsOf(item, reading));
  if (ports !== undefined && published.length > 0)
    remark(
      reading,
      ports.path,
      `the service ${quote(name)} is reached at ${published.map(({ number }) => number).join(', ')} in the cluster, and no port of a machine leads there`,
      {
        kind: 'note',
        remedy: 'write an Ingress or a route for what is reached from outside',
      },
    );
  const all = [...published, ...exposed];
  return all.filter((port, at) => all.findIndex(other => key(other) === key(port)) === at);
}

function key({ number, protocol }: ComposePort): string {
  return `${number}/${protocol}`;
}

const LONG: ReadonlySet<string> = new Set([
  'target',
  'published',
  'protocol',
  'mode',
  'host_ip',
  'name',
  'app_protocol',
]);

function portsOf(item: Field, reading: Reading): ComposePort[] {
  const target = fieldOf(item, 'target');
  if (target === undefined) return shortPorts(item, textOf(reading, item), reading);
  for (const [name, { path }] of fieldsOf(item))
    if (!LONG.has(name)) remark(reading, path, `${quote(name)} of a port is not taken over`);
  const protocol = textOf(reading, fieldOf(item, 'protocol')) ?? 'tcp';
  return shortPorts(item, `${textOf(reading, target) ?? ''}/${protocol}`, reading);
}

/** `[host:][published:]target[/protocol]`, each a port or a range. */
function shortPorts(item: Field, text: string | undefined, reading: Reading): ComposePort[] {
  if (text === undefined) return [];
  const [, first = '', last = first, protocol = 'tcp'] =
    /(?:^|:)(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp))?$/i.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === '' || from < 1 || to > 65535 || to < from || to - from >= MOST) {
    remark(
      reading,
      item.path,
      `${quote(text)} is not a port or a range of at most ${MOST} ports, so it is left out`,
    );
    return [];
  }
  const known = protocol.toUpperCase() === 'UDP' ? 'UDP' : 'TCP';
  return Array.from({ length: to - from + 1 }, (_, at) => ({ number: from + at, protocol: known }));
}
