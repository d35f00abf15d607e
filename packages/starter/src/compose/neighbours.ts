import type { ComposeService } from './read/compose-service.ts';

/** The turn of a service, and whether others wait until it has ended. */
export interface Turn {
  readonly order: number;
  readonly endsByItself: boolean;
}

/** What others wait for until it has ended is a Job with a turn before theirs, and what that needs has one before it. */
export function ordersOf(services: readonly ComposeService[]): ReadonlyMap<string, Turn> {
  const ending = new Set(services.flatMap(({ after }) => after));
  const turns = new Map<string, Turn>();
  const before = (name: string, order: number, seen: ReadonlySet<string>): void => {
    const service = services.find(one => one.name === name);
    if (service === undefined || seen.has(name)) return;
    const known = turns.get(name)?.order ?? 0;
    turns.set(name, { order: Math.min(known, order), endsByItself: ending.has(name) });
    for (const needed of [...service.after, ...service.starts])
      before(needed, order - 1, new Set([...seen, name]));
  };
  for (const name of ending) before(name, -1, new Set());
  return turns;
}

/** Whether another service names it, as a host in an address or because it starts after it. */
export function isNamedBy(name: string, services: readonly ComposeService[]): boolean {
  const word = new RegExp(`(?<![\\w.-])${name}(?![\\w-])`);
  return services.some(
    other =>
      other.name !== name && (other.starts.includes(name) || textsOf(other).some(text => word.test(text))),
  );
}

function textsOf({ variables, args = [], command = [] }: ComposeService): string[] {
  const values = variables.flatMap(one => ('value' in one ? [one.value] : []));
  return [...values, ...args, ...command].map(parts =>
    parts.map(part => ('text' in part ? part.text : ' ')).join(''),
  );
}
