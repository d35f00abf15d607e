import type { RegistryClient } from '../http/client.ts';
import { type OnExistingTag, planTags, writeTags } from '../manifests/tags.ts';
import type { Reference, Repository } from '../reference.ts';
import { copyImage } from './copy.ts';

/**
 * Gives an image a tag in a repository of this or another registry, without pulling it: 4 requests within a repository.
 * Several images at once go by `planTags`, `copyImage` and `writeTags`, so that all or none get the tag.
 * @returns the digest that the tag names now
 * @throws SlipwayError `image-not-found`, `tag-exists` …
 */
export async function retag(
  client: RegistryClient,
  source: Reference,
  target: Repository & { readonly tag: string },
  onExistingTag: OnExistingTag = 'error',
): Promise<string> {
  const plans = await planTags(client, [target], target.tag);
  const manifest = await copyImage(client, source, target);
  await writeTags(
    client,
    plans.map(plan => ({ ...plan, manifest })),
    onExistingTag,
  );
  return manifest.digest;
}
