import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { Exec } from '@slipway/core';
import { toolPath } from '@slipway/testbed';
import {
  type FileSource,
  filesBelow,
  type RenderedAll,
  type RenderedDestination,
  readRepositoryFrom,
  renderAll,
  type SourceTools,
} from '../../src/index.ts';
import { folderWith } from './folders.ts';
import { type Files, shopFiles, snapshot } from './shop.ts';

/** Starts programs as the runner's `exec` does. */
const exec: Exec = (command, args, { cwd, environment = {} } = {}) =>
  new Promise((resolve, reject) => {
    const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined));
    const child = spawn(command, args, { cwd, env: env as NodeJS.ProcessEnv });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text;
      });
    child.on('error', reject);
    child.on('close', code => resolve({ exitCode: code ?? -1, ...output }));
  });

const temporaryDirectory = mkdtempSync(join(tmpdir(), 'slipway-tools-'));
afterAll(() => rmSync(temporaryDirectory, { recursive: true, force: true }));

/** helm and kubectl of the testbed, for a workspace. */
export async function toolsFor(workspace: string): Promise<SourceTools> {
  const programs = await Promise.all([toolPath('helm'), toolPath('kubectl')]);
  const PATH = [...programs.map(path => dirname(path)), process.env['PATH']].join(delimiter);
  const environment = { PATH, HELM_NAMESPACE: 'elsewhere', KUSTOMIZE_PLUGIN_HOME: '/tmp' };
  // spawn looks up the program in the given PATH.
  return { exec, workspace, temporaryDirectory, environment };
}

/**
 * The shop with sources, rendered for staging with a snapshot.
 * @param other the source of the files, if it is not the workspace
 */
export async function renderedFrom(
  files: Files,
  workspace = folderWith({ ...shopFiles, ...files }),
  other?: FileSource,
): Promise<RenderedAll> {
  const repository = await readRepositoryFrom(other ?? filesBelow(workspace), 'slipway.yaml');
  const tools = { ...(await toolsFor(workspace)), ...(other === undefined ? {} : { files: other }) };
  const targets = [{ formation: 'staging', destination: 'main' }];
  return await renderAll(repository, { targets, snapshot, tools });
}

/** The staging formation with something more in its spec. */
export function stagingWith(spec: string): Files {
  const lines = spec.split('\n').map(line => `  ${line}\n`);
  return {
    'formations/staging.yaml': `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: staging}\nspec:\n${lines.join('')}  kubernetes: "1.34"\n  destinations: {main: {namespace: shop-staging}}\n`,
  };
}

/** The one destination that was rendered. */
export function only({ destinations: [destination] }: RenderedAll): RenderedDestination {
  if (destination === undefined) throw new Error('nothing was rendered');
  return destination;
}
