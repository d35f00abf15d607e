import { readFile } from 'node:fs/promises';
import { canonicalJson, sha256 } from '@slipway/core';
import { parseDockerfileSources } from '../dockerfile/dockerfile-sources.ts';
import type { ImageBuild, NamedContext } from '../image-build.ts';
import { digestFolder } from './folder-digest.ts';
import { readIgnoreFile } from './ignored.ts';

/** The digest of everything that decides the content of an image, or why it is not known. */
export type InputDigest = { readonly digest: string } | { readonly unknown: string };

export interface InputDigestOptions {
  /** The digest that the tag of a base image has now; undefined if the registry does not have it. */
  readonly resolve: (image: string) => Promise<string | undefined>;
  /** The processor of this machine, which is the platform of a build that does not name one. */
  readonly architecture: string;
}

/** It changes whenever the digest covers something else. */
const FORMAT = 'slipway.dev/inputs/v1';

/**
 * A digest of the inputs of a build: its contexts, Dockerfile, arguments, target, platforms, labels in slipway.yaml, attestations, and
 * the current digests of its base images. Two builds with the same digest result in the same image, unless their Dockerfiles read
 * something else from the network. Values of secrets are not part of it.
 */
export async function digestInputs(build: ImageBuild, options: InputDigestOptions): Promise<InputDigest> {
  const dockerfile = await readFile(build.dockerfile, 'utf8');
  const sources = parseDockerfileSources(dockerfile, build.args, Object.keys(build.contexts));
  if ('unknown' in sources) return sources;
  const images: Record<string, string> = {};
  for (const image of sources.images) {
    const digest = await options.resolve(image);
    if (digest === undefined)
      return { unknown: `the image ${image}, which its Dockerfile uses, cannot be looked up` };
    images[image] = digest;
  }
  const context = await digestFolder(build.context, await readIgnoreFile(build.context, build.dockerfile));
  const contexts = await digestContexts(build.contexts);
  if (context === undefined || contexts === undefined)
    return { unknown: 'its context contains the folder .git, which .dockerignore can leave out' };
  const { args, target = '', secrets, platforms, ownLabels = {}, attestations } = build;
  const places = platforms.length === 0 ? [options.architecture] : [...platforms].sort();
  const added = {
    ...(Object.keys(ownLabels).length === 0 ? {} : { ownLabels }),
    ...(attestations === undefined ? {} : { attestations: { ...attestations } }),
  };
  const content = { FORMAT, dockerfile, context, contexts, images, args, target, secrets, places, ...added };
  return { digest: sha256(canonicalJson(content)) };
}

async function digestContexts(
  contexts: Readonly<Record<string, NamedContext>>,
): Promise<Record<string, string> | undefined> {
  const digests: Record<string, string> = {};
  for (const [name, context] of Object.entries(contexts)) {
    const digest = await digestContext(context);
    if (digest === undefined) return undefined;
    digests[name] = digest;
  }
  return digests;
}

/** Only the digest of an image counts, as it is the same image in another registry. */
async function digestContext(context: NamedContext): Promise<string | undefined> {
  switch (context.kind) {
    case 'folder':
      return await digestFolder(context.path);
    case 'image':
      return context.reference.replace(/^.*@/, '');
    case 'layout':
      return context.digest;
  }
}
