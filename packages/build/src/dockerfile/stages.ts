import { checkInstruction, type FlagValues } from './check-instruction.ts';
import { type Instruction, parseInstructions } from './parse-instructions.ts';
import { atLine, UnreadableDockerfile } from './unreadable.ts';

/** An instruction whose form is right, with its flags. */
export interface CheckedInstruction extends Instruction {
  readonly values: FlagValues;
}

/** A stage: its FROM, and what is below. */
export interface Stage {
  /** The image or stage that it starts from, with variables. */
  readonly base: string;
  readonly platform: string | undefined;
  /** In lower case; undefined if it has none. */
  readonly name: string | undefined;
  readonly instructions: readonly CheckedInstruction[];
}

export interface ParsedStages {
  readonly escapeChar: string;
  /** The arguments of each ARG before the first stage. */
  readonly globalArguments: readonly string[];
  readonly stages: readonly Stage[];
}

/** The stages of a Dockerfile. @throws UnreadableDockerfile */
export function parseStages(text: string): ParsedStages {
  const { instructions, escapeChar } = parseInstructions(text);
  const checked = instructions.map(checkedInstruction);
  const first = checked.findIndex(({ name }) => name === 'from');
  if (first === -1) throw new UnreadableDockerfile('no stage');
  const before = checked.slice(0, first);
  if (before.some(({ name }) => name !== 'arg'))
    throw new UnreadableDockerfile('an instruction in front of the first stage');
  return {
    escapeChar,
    globalArguments: before.flatMap(({ args }) => args),
    stages: split(checked.slice(first)),
  };
}

/** The instruction that an ONBUILD triggers. Its text is read as a Dockerfile of its own, with the usual escape character. */
export function parseTrigger(text: string): CheckedInstruction {
  const [instruction, ...more] = parseInstructions(text).instructions;
  if (instruction === undefined || more.length > 0)
    throw new UnreadableDockerfile('ONBUILD triggers more than one instruction');
  return checkedInstruction(instruction);
}

function checkedInstruction(instruction: Instruction): CheckedInstruction {
  return { ...instruction, values: atLine(instruction.line, () => checkInstruction(instruction)) };
}

function split(instructions: readonly CheckedInstruction[]): Stage[] {
  const stages: {
    base: string;
    platform: string | undefined;
    name: string | undefined;
    instructions: CheckedInstruction[];
  }[] = [];
  for (const instruction of instructions) {
    const { name, args, values } = instruction;
    if (name !== 'from') stages.at(-1)?.instructions.push(instruction);
    else
      stages.push({
        base: args[0] ?? '',
        platform: values.get('platform')?.[0],
        name: args[2]?.toLowerCase(),
        instructions: [],
      });
  }
  return stages;
}
