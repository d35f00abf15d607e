/** How large an image is, and whom it runs as. */
export interface ImageFacts {
  readonly service: string;
  /** The size of its compressed layers. */
  readonly megabytes: number;
  readonly user: string;
}

const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

interface Manifest {
  readonly manifests?: readonly { readonly digest: string }[];
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly size: number }[];
}

/** @param images names with digests, by service, in a registry without TLS */
export async function imageFacts(images: Readonly<Record<string, string>>): Promise<readonly ImageFacts[]> {
  return await Promise.all(Object.entries(images).map(([service, name]) => factsOf(service, name)));
}

async function factsOf(service: string, name: string): Promise<ImageFacts> {
  const [, registry = '', repository = '', digest = ''] = /^([^/]+)\/([^@]+)@(.+)$/.exec(name) ?? [];
  const read = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`http://${registry}/v2/${repository}/${path}`, {
      headers: { accept: ACCEPT },
    });
    return (await answer.json()) as T;
  };
  const index = await read<Manifest>(`manifests/${digest}`);
  const only = index.manifests?.[0]?.digest;
  const manifest = only === undefined ? index : await read<Manifest>(`manifests/${only}`);
  const { config } = await read<{ config: { User?: string } }>(`blobs/${manifest.config.digest}`);
  const bytes = manifest.layers.reduce((sum, { size }) => sum + size, 0);
  return { service, megabytes: Math.round(bytes / 1e6), user: config.User || 'root' };
}
