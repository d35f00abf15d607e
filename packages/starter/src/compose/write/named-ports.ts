import type { ComposePort } from '../read/compose-service.ts';

export interface NamedPort {
  readonly name: string;
  readonly number: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** The ports of the file, else the one that is known of the image. */
export function portsOf({
  ports,
  known,
}: {
  readonly ports: readonly ComposePort[];
  readonly known: number | undefined;
}): readonly NamedPort[] {
  const all =
    ports.length === 0 && known !== undefined ? [{ number: known, protocol: 'TCP' as const }] : ports;
  return all.map((port, at) => ({
    ...port,
    name: at === 0 ? 'main' : `${port.protocol.toLowerCase()}-${port.number}`,
  }));
}
