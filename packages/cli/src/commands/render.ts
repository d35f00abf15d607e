import { join, resolve } from 'node:path';
import { API_VERSION, count, defined, type Rendering } from '@slipway/core';
import type { Arguments } from '../command-line/arguments.ts';
import type { ExitCode } from '../command-line/command.ts';
import type { Machine } from '../machine/machine.ts';
import { type RenderedHere, renderHere } from '../rendering/render-here.ts';
import { findWorkspace, withTemporaryFolder } from '../rendering/workspace.ts';
import { say, sayJson } from '../tell/say.ts';

/** Renders the working tree, and keeps the result if a flag says where. */
export async function renderCommand(given: Arguments, machine: Machine): Promise<ExitCode> {
  const workspace = await findWorkspace(given, machine);
  const kept = given.text('output');
  const folder = kept === undefined ? undefined : resolve(machine.folder, kept);
  return await withTemporaryFolder<ExitCode>(machine, async temporaryDirectory => {
    const output = folder ?? join(temporaryDirectory, 'rendered');
    const found = await renderHere(given, machine, { workspace, output, temporaryDirectory });
    const rendering = renderingOf(found, folder);
    if (given.has('json')) sayJson(machine, rendering);
    else sayRendering(rendering, machine);
    return 0;
  });
}

function renderingOf({ prepared, rendered }: RenderedHere, folder: string | undefined): Rendering {
  return {
    apiVersion: API_VERSION,
    kind: 'Rendering',
    application: prepared.repository.application.metadata.name,
    ...defined({ folder, configRevision: prepared.configRevision }),
    digest: rendered.digest,
    destinations: rendered.destinations.map(({ rendered: of, objects }) => ({
      formation: of.formation,
      destination: of.destination,
      namespace: of.namespace,
      objects: objects.length,
      digest: of.digest,
    })),
  };
}

function sayRendering({ destinations, digest, folder }: Rendering, { output }: Machine): void {
  for (const { formation, destination, objects, digest: own } of destinations)
    say(output, `${formation}/${destination}: ${count(objects, 'object')}, ${own}`);
  if (destinations.length > 1) say(output, `all: ${digest}`);
  if (folder !== undefined) say(output, `written to ${folder}`);
}
