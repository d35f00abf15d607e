import { once, type Snapshot } from '@slipway/core';
import {
  type FileSource,
  type Repository,
  readManifestsFrom,
  renderAll,
  type SourceTools,
} from '@slipway/render';
import { type Baseline, type BaselineQuery, byKey, type OldObjects } from './baseline.ts';

const NO_DIGEST = `sha256:${'0'.repeat(64)}`;

/** Compares with the application at another commit, rendered in the same way and with the same images as what is checked. */
export function renderedBaseline(repository: Repository | undefined, tools: SourceTools): Baseline {
  const known = new Map<string, Promise<OldObjects | undefined>>();
  return async query => {
    const { formation = '', destination = '' } = query.rendered ?? {};
    const name = `${formation}/${destination}`;
    const rendered = known.get(name) ?? renderAt(repository, query, tools);
    known.set(name, rendered);
    return await rendered;
  };
}

async function renderAt(
  repository: Repository | undefined,
  { rendered, namespace }: BaselineQuery,
  tools: SourceTools,
): Promise<OldObjects | undefined> {
  const { formation = '', destination = '', snapshot } = rendered ?? {};
  if (repository?.formations.get(formation)?.spec.destinations[destination] === undefined) return undefined;
  const { destinations } = await renderAll(repository, {
    targets: [{ formation, destination }],
    tools,
    ...(snapshot === undefined ? {} : { snapshot: completed(snapshot, repository) }),
  });
  return byKey(
    destinations.flatMap(({ objects }) => objects.map(({ object }) => object)),
    namespace,
  );
}

/** Plain manifests at a commit. */
export interface PlainFiles {
  readonly files: FileSource;
  /** Relative to the workspace. */
  readonly paths: readonly string[];
}

export function plainBaseline({ files, paths }: PlainFiles): Baseline {
  const read = once(() => readManifestsFrom(files, paths));
  return async ({ namespace }) => {
    const { objects } = await read();
    return byKey(
      objects.map(({ object }) => object),
      namespace,
    );
  };
}

/** A removed service was not built, so its old image is unknown; that must not keep the rest from being compared. */
function completed(snapshot: Snapshot, { application }: Repository): Snapshot {
  const { registry, services } = application.spec;
  const missing = Object.keys(services).filter(name => !Object.hasOwn(snapshot.images, name));
  const images = missing.map(
    name => [name, { name: `${registry}/${name}`, digest: NO_DIGEST, origin: 'retagged' as const }] as const,
  );
  return {
    ...snapshot,
    application: application.metadata.name,
    images: { ...snapshot.images, ...Object.fromEntries(images) },
  };
}
