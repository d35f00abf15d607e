import { refusal } from '../http/answers.ts';
import type { RegistryClient } from '../http/client.ts';
import { type Access, type Descriptor, scopeOf } from '../manifests/manifests.ts';
import type { Repository } from '../reference.ts';

export async function hasBlob(
  client: RegistryClient,
  repository: Repository,
  blob: Descriptor,
): Promise<boolean> {
  const answer = await client.exchange({ method: 'HEAD', ...blobRequest(repository, blob, 'pull,push') });
  if (answer.status === 200) return true;
  if (answer.status === 404) return false;
  throw refusal(answer, repository.registry, `look up the blob ${blob.digest}`);
}

export function blobRequest(repository: Repository, blob: Descriptor, access: Access) {
  return {
    registry: repository.registry,
    target: `${repository.path}/blobs/${blob.digest}`,
    scopes: [scopeOf(repository, access)],
  };
}
