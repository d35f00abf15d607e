import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Problem, quote } from '@slipway/core';
import type { BuildErrorCode } from './error-codes.ts';
import type { ImageBuild } from './image-build.ts';

/** How builders begin the line that says why they stopped. */
const reasonPattern = /^error: (?:failed to build: )?(?:failed to solve: )?(.*)$/i;
/** Before that BuildKit's programs show the lines of the Dockerfile, under its name and the first line's number. */
const placePattern = /^(\S+):(\d+)$/;
/** The command that failed, and how: of BuildKit, and of buildah. */
const stepPatterns = [
  /^process "(.*)" did not complete successfully: (.*)$/,
  /^building at STEP "(.*)": (.*)$/,
];
/** What BuildKit says before the file that is missing, and what nobody can do anything with. */
const CACHE_KEY = /^failed to compute cache key: failed to calculate checksum of ref \S+ /;
/** What a kernel says of a program for another processor. */
const FOREIGN = /exec format error/i;

/** How builders warn of a base image for another platform, which they take all the same: BuildKit, and buildah. */
const foreignBasePatterns = [
  /InvalidBaseImagePlatform: .* was pulled with platform "([^"]*)", expected "([^"]*)".*\(line (\d+)\)/,
  /image platform \(([^)]*)\) does not match the expected platform \(([^)]*)\)/,
];

/** Finds in the log of a build why it failed, and where. */
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
    this.#reason = reasonPattern.exec(text)?.[1] ?? this.#reason;
    this.#isForeign ||= FOREIGN.test(text);
    this.#foreignBase ??= this.#findForeignBase(text);
    const place = placePattern.exec(text);
    if (place?.[1] === basename(this.#build.dockerfile)) this.#line = Number(place[2]);
  }

  /** What is wrong with an image that was built, but from a base for another platform than it says it is for. */
  get foreignBase(): Problem<BuildErrorCode> | undefined {
    return this.#build.platforms.length === 0 ? undefined : this.#foreignBase;
  }

  #findForeignBase(text: string): Problem<BuildErrorCode> | undefined {
    const { service, dockerfileName } = this.#build;
    const match = foreignBasePatterns.map(pattern => pattern.exec(text)).find(found => found !== null);
    if (match === undefined || match === null) return undefined;
    const [, is, expected, line] = match;
    return {
      code: 'base-image-foreign',
      at: { path: dockerfileName, line: Number(line ?? 1), column: 1 },
      message: `the image of ${quote(service)} for ${quote(expected ?? '')} starts from one for ${quote(is ?? '')}`,
      remedy: 'take a base image that is for this platform too, or leave the platform out of platforms',
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
        ? 'its programs are for another processor: install an emulator before this step (docker/setup-qemu-action), or name the platforms of the runner'
        : 'the last lines of its log say more; nothing was tagged',
    };
  }
}

function stepOf(reason: string | undefined) {
  for (const pattern of stepPatterns) {
    const [, command, result] = pattern.exec(reason ?? '') ?? [];
    if (command !== undefined && result !== undefined) return { command, result };
  }
  return undefined;
}

/** The end of the sentence matters most, hence a long command is cut before it and not with it. */
function describe(reason: string | undefined, exitCode: number): string {
  const step = stepOf(reason);
  if (step !== undefined) return `${quote(step.command)} ended with ${quote(step.result)}`;
  return reason === undefined ? `exit code ${exitCode}` : quote(reason.replace(CACHE_KEY, ''));
}

/** buildah names the instruction and no line: the one that begins so, if it is the only one. */
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
