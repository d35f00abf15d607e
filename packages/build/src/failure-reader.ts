import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Problem, quote } from '@slipway/core';
import type { BuildErrorCode } from './error-codes.ts';
import type { ImageBuild } from './image-build.ts';

/** How builders begin the line that says why they stopped. */
const REASON_PATTERN = /^error: (?:failed to build: )?(?:failed to solve: )?(.*)$/i;
/** Before that line, BuildKit's clients show the lines of the Dockerfile, under its name and the number of the first one. */
const POSITION_PATTERN = /^(\S+):(\d+)$/;
/** How BuildKit and buildah report the command that failed and its result. */
const STEP_PATTERNS = [
  /^process "(.*)" did not complete successfully: (.*)$/,
  /^building at STEP "(.*)": (.*)$/,
];
/** A preamble of BuildKit before the name of a missing file, which does not help the reader. */
const CACHE_KEY = /^failed to compute cache key: failed to calculate checksum of ref \S+ /;
/** The kernel's error for a program that was built for another processor. */
const FOREIGN = /exec format error/i;

/** How BuildKit and buildah warn about a base image for another platform, which they use nevertheless. */
const FOREIGN_BASE_PATTERNS = [
  /InvalidBaseImagePlatform: .* was pulled with platform "([^"]*)", expected "([^"]*)".*\(line (\d+)\)/,
  /image platform \(([^)]*)\) does not match the expected platform \(([^)]*)\)/,
];

/** Finds the reason and the position of a failure in the log of a build. */
export class FailureReader {
  readonly #build: ImageBuild;
  #reason: string | undefined;
  #line: number | undefined;
  #isForeign = false;
  #foreignBase: Problem<BuildErrorCode> | undefined;

  constructor(build: ImageBuild) {
    this.#build = build;
  }

  read(text: string): void {
    this.#reason = REASON_PATTERN.exec(text)?.[1] ?? this.#reason;
    this.#isForeign ||= FOREIGN.test(text);
    this.#foreignBase ??= this.#findForeignBase(text);
    const position = POSITION_PATTERN.exec(text);
    if (position?.[1] === basename(this.#build.dockerfile)) this.#line = Number(position[2]);
  }

  /** The problem of an image that was built from a base image for another platform; undefined if it was not. */
  get foreignBase(): Problem<BuildErrorCode> | undefined {
    return this.#build.platforms.length === 0 ? undefined : this.#foreignBase;
  }

  #findForeignBase(text: string): Problem<BuildErrorCode> | undefined {
    const { service, dockerfileName } = this.#build;
    const match = FOREIGN_BASE_PATTERNS.map(pattern => pattern.exec(text)).find(found => found !== null);
    if (match === undefined || match === null) return undefined;
    const [, is, expected, line] = match;
    return {
      code: 'base-image-foreign',
      at: { path: dockerfileName, line: Number(line ?? 1), column: 1 },
      message: `the image of ${quote(service)} for ${quote(expected ?? '')} starts from a base image for ${quote(is ?? '')}`,
      remedy: 'use a base image that supports this platform, or remove the platform from "platforms"',
    };
  }

  async problem(exitCode: number): Promise<Problem<BuildErrorCode>> {
    const { service, dockerfile, dockerfileName } = this.#build;
    const line = this.#line ?? (await findLine(dockerfile, stepOf(this.#reason)?.command));
    return {
      code: 'build-failed',
      ...(line === undefined ? {} : { at: { path: dockerfileName, line, column: 1 } }),
      message: `the image of ${quote(service)} does not build: ${describe(this.#reason, exitCode)}`,
      remedy: this.#isForeign
        ? 'its programs are for another processor; install an emulator before this step (docker/setup-qemu-action), or name the platforms of the runner'
        : 'see the last lines of its log; nothing was tagged',
    };
  }
}

function stepOf(reason: string | undefined) {
  for (const pattern of STEP_PATTERNS) {
    const [, command, result] = pattern.exec(reason ?? '') ?? [];
    if (command !== undefined && result !== undefined) return { command, result };
  }
  return undefined;
}

/** A long command is shortened by itself, so that the result at the end of the sentence is always shown. */
function describe(reason: string | undefined, exitCode: number): string {
  const step = stepOf(reason);
  if (step !== undefined) return `${quote(step.command)} ended with ${quote(step.result)}`;
  return reason === undefined ? `exit code ${exitCode}` : quote(reason.replace(CACHE_KEY, ''));
}

/** buildah reports the instruction without its line: the line that begins like it, if there is only one. */
async function findLine(dockerfile: string, instruction: string | undefined): Promise<number | undefined> {
  if (instruction === undefined) return undefined;
  const wanted = normalise(instruction);
  const lines = (await readFile(dockerfile, 'utf8')).split('\n').map(normalise);
  const found = lines.flatMap((line, index) =>
    /^[a-z]+ /i.test(line) && wanted.startsWith(line) ? [index + 1] : [],
  );
  return found.length === 1 ? found[0] : undefined;
}

function normalise(line: string): string {
  return line
    .replace(/\\\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}
