import type { Known } from './known.ts';

export type LanguageName = 'node' | 'python' | 'go' | 'java' | 'ruby' | 'php' | 'dotnet' | 'rust' | 'static';

/** What a Dockerfile and stencils of one program depend on, as the repository says it. */
export interface ProgramFacts {
  readonly language: LanguageName;
  /** As people call it: Next.js. */
  readonly framework?: string;
  /** What fetches its dependencies: npm, poetry, maven. Undefined where there are none. */
  readonly manager?: string;
  /** The lock file, relative to the build's context; undefined if there is none. */
  readonly lock?: string;
  /** The version of the language for the tag of the base image. */
  readonly runtime?: Known<string>;
  /** Commands of the build after the dependencies are there, each a line of a shell. */
  readonly build: readonly Known<string>[];
  /** The command in exec form; undefined where the base image has one. */
  readonly start?: Known<readonly string[]>;
  /** Undefined where nothing is known to listen. */
  readonly port?: Known<number>;
  /** The path of an address that answers 200 when the program can serve. */
  readonly health?: Known<string>;
  /** What a request to that address must have, so that it is not refused or sent elsewhere. */
  readonly healthHeaders?: Readonly<Record<string, string>>;
  /** Names of the packages that it depends on, as its manager calls them. */
  readonly dependencies: readonly string[];
}

/** A program that was recognised, and the files that make an image of it. */
export interface Program {
  readonly facts: ProgramFacts;
  /** The lines of the Dockerfile. */
  readonly dockerfile: string;
  /** The user id that it runs as. */
  readonly user: number;
  /** Folders that it writes to, absolute; the rest of its file system is read-only. */
  readonly writes: readonly string[];
  /** Folders of data that it expects to find again, absolute; a pod loses them. */
  readonly keeps?: readonly string[];
  /** Patterns of .dockerignore beside those that every context has. */
  readonly ignored: readonly string[];
  /** Variables that its process must have as a secret. */
  readonly secrets: readonly { readonly variable: string; readonly why: string }[];
  /** MiB that its container asks for, and its limit. */
  readonly memory: readonly [request: number, limit: number];
}

/** A folder that may hold a program. */
export interface Candidate {
  /** Relative to the application; empty for its own folder. */
  readonly folder: string;
  /** What it is called if nothing else says so. */
  readonly name: string;
}
