/** One image to build: everything that decides what comes out, and where it goes. Paths are absolute. */
export interface ImageBuild {
  readonly service: string;
  readonly context: string;
  readonly dockerfile: string;
  /** What messages call the Dockerfile: its path in the workspace. */
  readonly dockerfileName: string;
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
}

export const CACHE_CHOICES = ['none', 'registry'] as const;
export type CacheChoice = (typeof CACHE_CHOICES)[number];

/** What becomes of an image: pushed by digest, or thrown away once it is known to build. */
export type BuildOutput = 'push' | 'discard';
