import { type Runner, whileStreaming } from '@slipway/github';
import type { RegistryClient } from '@slipway/registry';
import type { RegistryInputs } from './inputs/registry-inputs.ts';

/** Registries as the inputs say. Nothing is asked of one before it is needed. */
export async function openRegistry(
  { plainHttpRegistries, recordKeys, secretNames = [] }: RegistryInputs,
  { environment, exec, logger, signal }: Runner,
): Promise<RegistryClient> {
  // Loaded late: many runs need no registry.
  const { openRegistryClient } = await import('@slipway/registry');
  return await openRegistryClient({
    ...{ environment, exec, logger, signal },
    ...{ plainHttpRegistries, recordKeys, secretNames, whileStreaming },
  });
}
