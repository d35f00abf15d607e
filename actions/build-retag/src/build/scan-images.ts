import { type BuildSecrets, type ImageSource, needlesOf, scanImage, secretProblem } from '@slipway/build';
import { Problems, type SnapshotImage } from '@slipway/core';
import { getManifest, parseRepository, type RegistryClient, readBlob } from '@slipway/registry';
import type { Built } from './build-services.ts';

/**
 * Reads what was built with secrets back from the registry, as whoever pulls it would, and looks for them.
 * @throws SlipwayError `secret-in-image` with every location of every image
 */
export async function scanImages(
  built: readonly Built<{ readonly image: SnapshotImage }>[],
  secrets: BuildSecrets,
  client: RegistryClient,
): Promise<void> {
  const problems = new Problems();
  for (const { build, result } of built) {
    const { service, repository } = build;
    const { digest } = result.image;
    const locations = await scanImage(
      digest,
      sourceIn(repository, client),
      needlesOf(secrets, build.secrets),
    );
    for (const location of locations)
      problems.add(secretProblem(service, `${repository}@${digest}`, location));
  }
  problems.throwIfAny();
}

function sourceIn(name: string, client: RegistryClient): ImageSource {
  const repository = parseRepository(name);
  return {
    manifest: async digest => (await getManifest(client, { ...repository, digest }, 'pull,push')).content,
    blob: (blob, consume) => readBlob(client, repository, blob, consume),
  };
}
