import { parseStages, type Stage } from './stages.ts';
import { UnreadableDockerfile } from './unreadable.ts';

/** An instruction as it is written, with the line that it begins on, from 1. */
export interface FinalInstruction {
  /** In lower case. */
  readonly name: string;
  readonly args: readonly string[];
  readonly line: number;
}

/**
 * The instructions that the image of a Dockerfile is made of: those of its last stage, after those of the stages that it starts from.
 * @returns undefined if it is not certain how BuildKit reads the Dockerfile
 */
export function parseFinalInstructions(text: string): readonly FinalInstruction[] | undefined {
  try {
    return chainOf(parseStages(text).stages).flatMap(({ instructions }) => instructions);
  } catch (error) {
    if (error instanceof UnreadableDockerfile) return undefined;
    throw error;
  }
}

/** Each stage starts from one before it, or from an image. */
function chainOf(stages: readonly Stage[]): readonly Stage[] {
  const last = stages.at(-1);
  if (last === undefined) return [];
  const before = stages.slice(0, -1);
  const at = before.findLastIndex(({ name }) => name === last.base.toLowerCase());
  return at < 0 ? [last] : [...chainOf(before.slice(0, at + 1)), last];
}
