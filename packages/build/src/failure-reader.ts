import { basename } from 'node:path';
import { type Problem, quote } from '@slipway/core';
import type { BuildErrorCode } from './error-codes.ts';
import type { ImageBuild } from './image-build.ts';

/** How BuildKit's programs begin the line that says why they stopped. */
const reasonPattern = /^error: (?:failed to build: )?(?:failed to solve: )?(.*)$/i;
/** Before that they show the lines of the Dockerfile, under its name and the first line's number. */
const placePattern = /^(\S+):(\d+)$/;
const processPattern = /^process "(.*)" did not complete successfully: (.*)$/;

/** Finds in the log of a build why it failed, and where. */
export class FailureReader {
  readonly #build: ImageBuild;
  #reason: string | undefined;
  #line: number | undefined;

  constructor(build: ImageBuild) {
    this.#build = build;
  }

  read(text: string): void {
    this.#reason = reasonPattern.exec(text)?.[1] ?? this.#reason;
    const place = placePattern.exec(text);
    if (place?.[1] === basename(this.#build.dockerfile)) this.#line = Number(place[2]);
  }

  problem(exitCode: number): Problem<BuildErrorCode> {
    const { service, dockerfileName } = this.#build;
    return {
      code: 'build-failed',
      ...(this.#line === undefined ? {} : { at: { path: dockerfileName, line: this.#line, column: 1 } }),
      message: `the image of ${quote(service)} does not build: ${describe(this.#reason, exitCode)}`,
      remedy: 'the last lines of its log say more; nothing was tagged',
    };
  }
}

/** The end of the sentence matters most, hence a long command is cut before it and not with it. */
function describe(reason: string | undefined, exitCode: number): string {
  const [, command, result] = processPattern.exec(reason ?? '') ?? [];
  if (command !== undefined && result !== undefined) return `${quote(command)} ended with ${quote(result)}`;
  return reason === undefined ? `exit code ${exitCode}` : quote(reason);
}
