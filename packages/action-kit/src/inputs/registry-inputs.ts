import type { RecordKeys } from '@slipway/core';
import { type InputReader, readRecordKeys } from '@slipway/github';

/** How registries are reached, and what is trusted of what they keep. */
export interface RegistryInputs {
  /** Keys that sign records, snapshots and verdicts; undefined if none are signed. */
  readonly recordKeys: RecordKeys | undefined;
  /** Registries, as `host:port`, that are reached without TLS. */
  readonly plainHttpRegistries: readonly string[];
  /** What `env=` lines of `secrets` name, which no credential helper gets; an action without that input has none. */
  readonly secretNames?: readonly string[];
}

export function readRegistryInputs(reader: InputReader): RegistryInputs {
  return {
    recordKeys: readRecordKeys(reader),
    plainHttpRegistries: reader.list('plain-http-registries'),
  };
}
