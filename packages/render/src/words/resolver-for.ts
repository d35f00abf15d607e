import { defined, type Snapshot } from '@slipway/core';
import type { Repository } from '../repository/repository.ts';
import type { Target } from '../values/address-table.ts';
import { overrides } from './overrides.ts';
import { WordResolver } from './word-resolver.ts';

/** The target that words are looked up for. */
export interface WordRequest extends Target {
  /** Without one, images are marked unresolved. */
  readonly snapshot?: Snapshot;
  /** Values that are set for this run, by word. */
  readonly set?: Readonly<Record<string, string>>;
}

export function resolverFor(repository: Repository, request: WordRequest): WordResolver {
  const given = overrides(request.set ?? {});
  const values = given.length === 0 ? repository.values : repository.values.with(given);
  return new WordResolver({
    repository,
    target: request,
    values: values.for(request),
    secrets: repository.secrets.for(request),
    ...defined({ snapshot: request.snapshot }),
  });
}
