/** One image to build: everything that decides what comes out, and where it goes. Paths are absolute. */
export interface ImageBuild {
  readonly service: string;
  readonly context: string;
  readonly dockerfile: string;
  /** What messages call the Dockerfile: its path in the workspace. */
  readonly dockerfileName: string;
  /** What the Dockerfile may take from beside its context, by name. */
  readonly contexts: Readonly<Record<string, NamedContext>>;
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  /** Ids of the secrets that its Dockerfile mounts. */
  readonly secrets: readonly string[];
  /** Such as `linux/arm64`; empty is the builder's own. */
  readonly platforms: readonly string[];
  /** Of the image's config; those of OCI's own names also become annotations of manifest and index. */
  readonly labels: Readonly<Record<string, string>>;
  /** Those of the labels that slipway.yaml states, and no commit. */
  readonly ownLabels?: Readonly<Record<string, string>>;
  /** What is pushed beside the image about how it came to be; none if absent. */
  readonly attestations?: Attestations;
  /** Seconds since 1970 that every later time in the image is set to. */
  readonly sourceDateEpoch: number;
  /** `registry/repository` that the image is pushed to, by digest and without a tag. */
  readonly repository: string;
  /** Whether that registry is spoken to without TLS. */
  readonly plainHttp: boolean;
  /** Where steps that were built before are looked for and kept, beside the builder's own cache. */
  readonly cache: CacheChoice;
  /** For the cache `local`: the folder in which it is kept, absolute. */
  readonly cacheDirectory?: string;
  /** Whether its Dockerfile may use the keys of the SSH agent (`RUN --mount=type=ssh`). */
  readonly ssh: boolean;
}

/** https://docs.docker.com/build/metadata/attestations/ */
export interface Attestations {
  /** How much is told of the build. */
  readonly provenance?: 'min' | 'max';
  /** The image that looks for software in the built one, and makes an SBOM of what it finds. */
  readonly sbom?: string;
}

export const PROVENANCE_CHOICES = ['none', 'min', 'max'] as const;
export type ProvenanceChoice = (typeof PROVENANCE_CHOICES)[number];

export const CACHE_CHOICES = ['none', 'registry', 'local', 'gha'] as const;
export type CacheChoice = (typeof CACHE_CHOICES)[number];

/** Files of a build that lie outside its context. */
export interface BuildFiles {
  /** Where the builder is to write what it pushed. */
  readonly metadata: string;
  /** Files with the secrets' values, by id. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The folder into which a cache on this machine is written, before it takes the old one's place. */
  readonly newCache: string;
}

/** A folder, an image in a registry by digest, or an image that was written to a folder. Paths are absolute. */
export type NamedContext =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'layout'; readonly path: string; readonly digest: string };

/**
 * What becomes of an image: pushed by digest, thrown away once it is known to build, written to a folder for other builds, or its
 * files alone written to a folder.
 */
export type BuildOutput = 'push' | 'discard' | { readonly layout: string } | { readonly files: string };
