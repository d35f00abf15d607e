import type { Position, Service } from '@slipway/core';
import type { SecretVariable } from '../../stencils/secret.ts';
import type { Part } from './interpolate.ts';

/** A service of a compose file, as far as it says what runs in a cluster. */
export interface ComposeService {
  /** A name of Slipway's. */
  readonly name: string;
  readonly at: Position;
  readonly image?: string;
  readonly build?: NonNullable<Service['build']>;
  /** The entry point. */
  readonly command?: readonly (readonly Part[])[];
  readonly args?: readonly (readonly Part[])[];
  readonly variables: readonly ComposeVariable[];
  /** Secrets that are files. */
  readonly secretFiles: readonly SecretFile[];
  readonly ports: readonly ComposePort[];
  readonly health?: ComposeHealth;
  readonly volumes: readonly ComposeVolume[];
  /** Whom it runs as: a number, or a name that only the image knows. */
  readonly user?: string;
  readonly workingDirectory?: string;
  readonly replicas?: number;
  readonly memory?: string;
  readonly memoryRequest?: string;
  readonly cpu?: string;
  readonly graceSeconds?: number;
  /** Services that it waits for until they have ended. */
  readonly after: readonly string[];
  /** Services that it needs once it runs. */
  readonly starts: readonly string[];
}

/** A variable with its value, or with a secret that a person stores. */
export type ComposeVariable =
  | { readonly name: string; readonly at: Position; readonly value: readonly Part[] }
  | { readonly name: string; readonly at: Position; readonly secret: StoredVariable };

/** Where a secret is stored until a release. */
export interface StoredVariable extends SecretVariable {
  /** The name in the store. */
  readonly stored: string;
}

export interface SecretFile {
  readonly path: string;
  readonly secret: StoredVariable;
}

export interface ComposePort {
  readonly number: number;
  readonly protocol: 'TCP' | 'UDP';
}

export interface ComposeHealth {
  readonly command: readonly (readonly Part[])[];
  readonly period: number;
  readonly timeout: number;
  readonly failures: number;
  readonly start: number;
}

export interface ComposeVolume {
  /** The name of its claim; undefined for one in memory. */
  readonly claim?: string;
  readonly path: string;
  readonly isReadOnly: boolean;
}
