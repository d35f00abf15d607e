import type { Exchange, RegistryClient, RegistryRequest } from './client.ts';

/**
 * A client that reads each small document once, for a run that looks at the registry as it is at one moment: what many destinations
 * share is not asked for again. To be used where nothing is written.
 */
export function rememberReads(client: RegistryClient): RegistryClient {
  const known = new Map<string, Promise<Exchange>>();
  return {
    ...client,
    exchange(request) {
      if (request.method !== 'GET') return client.exchange(request);
      const name = nameOf(request);
      const answer = known.get(name) ?? client.exchange(request);
      known.set(name, answer);
      return answer;
    },
  };
}

function nameOf({ registry, target }: RegistryRequest): string {
  return `${registry} ${String(target)}`;
}
