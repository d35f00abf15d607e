import type { FinalInstruction } from '@slipway/build';
import { quote } from '@slipway/core';
import type { Remark } from '../proposal/contribution.ts';
import { guessed, type Known, known } from './facts/known.ts';

/** Where the image of a Dockerfile listens, and what a person has to know of it. */
export interface ExistingPort {
  readonly port?: Known<number>;
  readonly remarks: readonly Remark[];
}

const VARIABLE = /^\$\{?(\w+)\}?(?:\/tcp)?$/;

/**
 * `EXPOSE 8000`, also by a variable that one line of the Dockerfile sets; else what the source says.
 * @param likely what the source says
 */
export function existingPort(
  instructions: readonly FinalInstruction[],
  text: string,
  path: string,
  likely: Known<number> | undefined,
): ExistingPort {
  const exposing = instructions.filter(({ name }) => name === 'expose');
  const exposed = exposing.flatMap(({ args }) => args).find(port => /^\d{1,5}(?:\/tcp)?$/.test(port));
  if (exposed !== undefined) return { port: known(Number.parseInt(exposed, 10)), remarks: [] };
  const last = exposing.find(({ args }) => args.some(arg => arg.includes('$')));
  if (last === undefined) return { ...fromSource(likely, 'the Dockerfile has no EXPOSE'), remarks: [] };
  const word = last.args.find(arg => arg.includes('$')) ?? '';
  const [, name] = VARIABLE.exec(word) ?? [];
  const port = name === undefined ? undefined : portIn(name, before(last, instructions), text.split('\n'));
  if (port !== undefined) return { port, remarks: [] };
  return {
    ...fromSource(likely, 'EXPOSE of the Dockerfile has a variable'),
    remarks: [
      {
        kind: 'note',
        at: { path, line: last.line, column: 1 },
        message: `EXPOSE ${quote(word)} has a variable, and init does not know its value`,
        remedy: 'write the port as a number there, or into the stencil',
      },
    ],
  };
}

function fromSource(likely: Known<number> | undefined, why: string): Pick<ExistingPort, 'port'> {
  return likely === undefined
    ? {}
    : { port: guessed(likely.value, `${why}, and the framework listens there`) };
}

function before(
  instruction: FinalInstruction,
  instructions: readonly FinalInstruction[],
): readonly FinalInstruction[] {
  return instructions.slice(0, instructions.indexOf(instruction));
}

/** The number that a variable has, where one line says so; ENV is stronger than ARG, whose value a build may change. */
function portIn(
  variable: string,
  instructions: readonly FinalInstruction[],
  lines: readonly string[],
): Known<number> | undefined {
  const sets = ({ args }: FinalInstruction): boolean =>
    args.some(arg => arg === variable || arg.startsWith(`${variable}=`));
  const setting =
    instructions.findLast(one => one.name === 'env' && sets(one)) ??
    instructions.findLast(one => one.name === 'arg' && sets(one));
  const values = [
    ...(lines[(setting?.line ?? 0) - 1] ?? '').matchAll(/(?<=\s)(\w+)[= ](?:(\d{1,5})|"(\d{1,5})")(?!\S)/g),
  ]
    .filter(([, name]) => name === variable)
    .map(([, , plain, quoted]) => Number(plain ?? quoted));
  const [value, ...others] = values;
  if (setting === undefined || value === undefined || others.length > 0) return undefined;
  return setting.name === 'env'
    ? known(value)
    : guessed(value, `ARG ${variable} has this value unless a build gives another one`);
}
