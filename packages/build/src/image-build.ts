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
  readonly labels: Readonly<Record<string, string>>;
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

export const CACHE_CHOICES = ['none', 'registry', 'local', 'gha'] as const;
export type CacheChoice = (typeof CACHE_CHOICES)[number];

/** A folder, an image in a registry by digest, or an image that was written to a folder. Paths are absolute. */
export type NamedContext =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'layout'; readonly path: string; readonly digest: string };

/** What becomes of an image: pushed by digest, thrown away once it is known to build, or written to a folder for other builds. */
export type BuildOutput = 'push' | 'discard' | { readonly layout: string };
