import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import { type JsonObject, stringifyJson } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { toolPath } from '@slipway/testbed';

/** What a manager does to an object; without a manager, values that no one owns are put in. */
export type Step =
  | { readonly manager: string; readonly apply: JsonObject; readonly force: boolean }
  | { readonly manager: string; readonly update: JsonObject };

/** The object after a step, and why the step was refused if it was. */
export interface State {
  readonly object: KubernetesObject;
  readonly refused?: string;
}

/** The OpenAPI of an API version; that of a definition is published a moment after its kind is served. */
async function descriptionOf(client: ClusterClient, apiVersion: string): Promise<JsonObject> {
  for (;;) {
    const document = await client.openApi(apiVersion);
    if (document !== undefined) return document;
    await sleep(100);
  }
}

/** Plays histories with the API server's own field manager and the schemas that the server describes. */
export async function playHistories(
  client: ClusterClient,
  apiVersions: readonly string[],
  histories: readonly (readonly Step[])[],
): Promise<State[][]> {
  const directory = await mkdtemp(join(tmpdir(), 'schemas-'));
  try {
    const files = await Promise.all(
      apiVersions.map(async (apiVersion, index) => {
        const file = join(directory, `${index}.json`);
        await writeFile(file, stringifyJson(await descriptionOf(client, apiVersion)));
        return file;
      }),
    );
    const program = spawn(await toolPath('server-side-apply'), files, { stdio: ['pipe', 'pipe', 'inherit'] });
    program.stdin.end(histories.map(history => `${stringifyJson(history)}\n`).join(''));
    const output = await text(program.stdout);
    return output
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as State[]);
  } finally {
    await rm(directory, { recursive: true });
  }
}
