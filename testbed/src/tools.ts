import { join } from 'node:path';
import { ensurePart } from './build/build.ts';
import { type DebianTool, debianTool, isDebianTool } from './build/debian.ts';
import { isNpmTool, type NpmTool, npmTool } from './build/npm.ts';
import { partOfTool, type ToolName } from './build/parts.ts';
import type { Surroundings } from './run/options.ts';
import { defaultSurroundings } from './run/surroundings.ts';

/** The path of a program that tests and benchmarks run; it is built or downloaded if it is missing. */
export async function toolPath(
  tool: ToolName | DebianTool | NpmTool,
  surroundings: Surroundings & { readonly signal?: AbortSignal } = defaultSurroundings(),
): Promise<string> {
  if (isDebianTool(tool)) return await debianTool(tool, surroundings);
  if (isNpmTool(tool)) return await npmTool(tool, surroundings);
  return join(await ensurePart(partOfTool(tool), surroundings), tool);
}
