import { join } from 'node:path';
import { ensurePart } from './build/build.ts';
import { type DebianTool, debianTool, isDebianTool } from './build/debian.ts';
import { isNpmTool, type NpmTool, npmTool } from './build/npm.ts';
import { partOfTool, type ToolName } from './build/parts.ts';
import {
  isPythonTool,
  type PythonLibrary,
  type PythonTool,
  pythonFolder,
  pythonTool,
} from './build/python.ts';
import type { Surroundings } from './run/options.ts';
import { defaultSurroundings } from './run/surroundings.ts';

/** A program that is downloaded, where others are built. */
export type FetchedTool = DebianTool | NpmTool | PythonTool;

export function isFetchedTool(tool: string): tool is FetchedTool {
  return isDebianTool(tool) || isNpmTool(tool) || isPythonTool(tool);
}

/** The path of a program that tests and benchmarks run; it is built or downloaded if it is missing. */
export async function toolPath(
  tool: ToolName | FetchedTool,
  surroundings: Surroundings & { readonly signal?: AbortSignal } = defaultSurroundings(),
): Promise<string> {
  if (isDebianTool(tool)) return await debianTool(tool, surroundings);
  if (isNpmTool(tool)) return await npmTool(tool, surroundings);
  if (isPythonTool(tool)) return await pythonTool(tool, surroundings);
  return join(await ensurePart(partOfTool(tool), surroundings), tool);
}

/** The folder of a library that tests run Python with; it is downloaded if it is missing. */
export async function libraryPath(
  library: PythonLibrary,
  surroundings: Surroundings & { readonly signal?: AbortSignal } = defaultSurroundings(),
): Promise<string> {
  return await pythonFolder(library, surroundings);
}
