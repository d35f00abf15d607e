import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { API_VERSION, type Explanation, type ExplanationPart, quote, SlipwayError } from '@slipway/core';
import { explainLines, explainSource, type RenderedDestination } from '@slipway/render';
import type { Arguments } from '../command-line/arguments.ts';
import type { ExitCode } from '../command-line/command.ts';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { type RenderedHere, renderHere } from '../rendering/render-here.ts';
import { findWorkspace, type Workspace, withTemporaryFolder } from '../rendering/workspace.ts';
import { sayExplanation } from '../tell/explanation.ts';
import { sayJson, sayProblem } from '../tell/say.ts';

/** Renders the working tree, and says what belongs to a line of a file, or of the result. */
export async function explainCommand(given: Arguments, machine: Machine): Promise<ExitCode> {
  const workspace = await findWorkspace(given, machine);
  const line = readLine(given.operands[0] ?? '');
  const parts = await withTemporaryFolder(machine, async temporaryDirectory => {
    const output = join(temporaryDirectory, 'rendered');
    return partsAt(
      line,
      workspace,
      await renderHere(given, machine, { workspace, output, temporaryDirectory }),
    );
  });
  const explanation: Explanation = {
    apiVersion: API_VERSION,
    kind: 'Explanation',
    line: `${workspace.pathOf(line.file)}:${line.number}`,
    parts: [...parts],
  };
  if (given.has('json')) sayJson(machine, explanation);
  else sayExplanation(explanation, machine);
  if (parts.length > 0) return 0;
  sayProblem(machine, 'error', unused(explanation.line));
  return 1;
}

/** A line as it was written. */
interface Line {
  readonly file: string;
  readonly number: number;
}

/** @throws SlipwayError `usage` */
function readLine(text: string): Line {
  const [, file, number = ''] = /^(.+?):([1-9]\d{0,8})(?::\d*)?$/.exec(text) ?? [];
  if (file !== undefined) return { file, number: Number(number) };
  throw new SlipwayError<CliErrorCode>({
    code: 'usage',
    message: `${quote(text)} does not name a line`,
    remedy: 'write it like stencils/api.yaml:12',
  });
}

/** @throws SlipwayError `usage` for a file that is neither there nor part of the result */
function partsAt(
  { file, number }: Line,
  workspace: Workspace,
  here: RenderedHere,
): readonly ExplanationPart[] {
  const path = workspace.pathOf(file);
  const { destinations } = here.rendered;
  const result = manifestAt(path, destinations);
  if (result !== undefined) return partsOfResult(result, number, here);
  // What is outside of the workspace is not a part of what is rendered.
  if (!path.startsWith('../') && existsSync(join(workspace.folder, path)))
    return explainSource({ path, number }, destinations).map(part => ({
      ...part,
      filledBy: [...part.filledBy],
    }));
  throw new SlipwayError<CliErrorCode>({
    code: 'usage',
    message: `there is no file ${quote(file)} in the workspace, and no manifest of the result has that name`,
    remedy: 'name a stencil, a config file or a formation, or <formation>/<destination>/manifests/<file>',
  });
}

interface FoundManifest {
  readonly destination: RenderedDestination;
  /** `production/eu/manifests/api.yaml` */
  readonly path: string;
}

/** The manifest of the result that a path ends in, wherever a tree was written. */
function manifestAt(path: string, destinations: readonly RenderedDestination[]): FoundManifest | undefined {
  return destinations
    .flatMap(destination =>
      destination.rendered.files.map(file => {
        const { formation, destination: name } = destination.rendered;
        return { destination, path: `${formation}/${name}/${file}` };
      }),
    )
    .find(manifest => `/${path}`.endsWith(`/${manifest.path}`));
}

function partsOfResult(
  { destination: { rendered }, path }: FoundManifest,
  number: number,
  { prepared, rendered: { destinations } }: RenderedHere,
): readonly ExplanationPart[] {
  const { repository, output } = prepared;
  const { formation, destination } = rendered;
  const lines = explainLines([`${path}:${number}`], () => repository, destinations, output);
  return lines.flatMap(({ parts }) =>
    parts.map(({ object, pointer, at, filledBy }) => ({
      ...{ formation, destination, object, pointer, at },
      filledBy: [...filledBy],
    })),
  );
}

function unused(line: string) {
  return {
    code: 'line-unused' satisfies CliErrorCode,
    message: `nothing that is rendered comes from ${quote(line)}`,
    remedy: 'name a line with a key, an item or a value; a value that a nearer address hides is used nowhere',
  };
}
