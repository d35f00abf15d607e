import { posix } from 'node:path';
import { canonicalJson, type JsonObject } from '@slipway/core';
import type { ComposeService } from './read/compose-service.ts';

/** The path of the Dockerfile that a service is built by. */
export function dockerfileOf({ build }: Pick<ComposeService, 'build'>): string {
  return posix.join(build?.context ?? '.', build?.dockerfile ?? 'Dockerfile');
}

/** Whether two services run the same image. */
export function sameBuild(one: ComposeService, other: ComposeService): boolean {
  if (one.build === undefined || other.build === undefined) return one === other;
  return canonicalJson(one.build as JsonObject) === canonicalJson(other.build as JsonObject);
}
