import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Builder, type BuildOptions, checkExport, needlesOf, writeFiles } from '@slipway/build';
import { count } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { PlannedBuild } from '../plan/plan.ts';

/** Empties the folder, which an earlier step may have filled, and names it in the output, so that it is known after a failure too. */
export async function prepareExports(
  folder: string,
  builds: readonly PlannedBuild[],
  runner: Runner,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  if (builds.every(({ exports }) => exports.length === 0)) return;
  await mkdir(folder, { recursive: true });
  runner.setOutput('exports', folder);
}

/**
 * Writes the files that a service hands out. Before its image is built, so that the report of a test is there when the test keeps
 * the image from being built.
 * @throws SlipwayError `export-leads-out`, `secret-in-export`, and as a build does
 */
export async function exportFiles(
  builder: Builder,
  { exports, ...build }: Omit<PlannedBuild, 'dependsOn'>,
  options: BuildOptions,
): Promise<void> {
  for (const { name, stage, folder } of exports) {
    await mkdir(folder, { recursive: true });
    try {
      await writeFiles(builder, { ...build, target: stage }, { ...options, folder });
      const files = await checkExport(build.service, folder, needlesOf(options.secrets, build.secrets));
      options.onLine(`Exported ${name}: ${count(files, 'file')}`);
    } catch (error) {
      // What must not be uploaded must not be in the folder that is uploaded.
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }
}

/** What was handed out, as `<service>/<name>`. */
export async function listExports(folder: string): Promise<string[]> {
  const services = await readdir(folder).catch(() => []);
  const names = services.map(async service =>
    (await readdir(join(folder, service))).map(name => `${service}/${name}`),
  );
  return (await Promise.all(names)).flat().sort();
}
