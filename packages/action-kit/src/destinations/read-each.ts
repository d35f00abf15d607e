import { isJsonObject, isName, parseJson, quote } from '@slipway/core';
import type { InputReader } from '@slipway/github';

/** What an action is to do at one destination. */
export interface AtDestination<Inputs> {
  /** Empty where the inputs name none, and so the only one is meant. */
  readonly destination: string;
  /** Undefined if an earlier step has left nothing for this destination. */
  readonly inputs: Inputs | undefined;
}

/** One of them, or several that one step works on. */
export type EachDestination<Inputs> = readonly [AtDestination<Inputs>, ...AtDestination<Inputs>[]];

export interface SeveralRules {
  /** Inputs of which each destination has its own: the output of an earlier step with the same destinations, as JSON. */
  readonly own: readonly string[];
  /** Those without which there is nothing to do at a destination; for the others it is a mistake. */
  readonly needed: readonly string[];
  /** Inputs that are of one destination only. */
  readonly single: readonly string[];
}

const INPUT = 'destination';

/**
 * Reads the inputs of an action once for each destination that the input `destination` names.
 * @param read reads them for one, which that input names alone
 */
export function readEach<Inputs>(
  reader: InputReader,
  rules: SeveralRules,
  read: (reader: InputReader) => Inputs,
): EachDestination<Inputs> {
  const names = [...new Set(reader.list(INPUT))];
  const [first, ...others] = names;
  // Whoever reads one name says what is wrong with another text.
  if (first === undefined || others.length === 0)
    return [{ destination: reader.text(INPUT), inputs: read(reader) }];
  for (const name of names)
    if (!isName(name))
      reader.problem(
        INPUT,
        `names ${quote(name)}, which is not the name of a destination`,
        'write a-z, 0-9 and -, at most 40 characters, with a comma between two names',
      );
  // What else is wrong is told as well, whatever the names are.
  if (!names.every(isName)) return [{ destination: '', inputs: read(reader.having({ [INPUT]: '' })) }];
  for (const name of rules.single)
    if (reader.text(name) !== '')
      reader.problem(name, `is for one destination, and ${names.length} are named`, 'run a step for each');
  const at = (destination: string): AtDestination<Inputs> => readAt(reader, destination, rules, read);
  return [at(first), ...others.map(at)];
}

function readAt<Inputs>(
  reader: InputReader,
  destination: string,
  { own, needed }: SeveralRules,
  read: (reader: InputReader) => Inputs,
): AtDestination<Inputs> {
  const values: Record<string, string> = { [INPUT]: destination };
  for (const name of own) {
    const text = reader.text(name);
    const outputs = byDestination(text);
    const left = outputs === undefined ? text : outputs[destination];
    if (outputs === undefined && text !== '' && needed.includes(name))
      reader.problem(name, 'is for one destination, and several are named', REMEDY);
    else if (typeof left === 'string') values[name] = left;
    else if (needed.includes(name)) return { destination, inputs: undefined };
    else reader.problem(name, `says nothing of destination ${quote(destination)}`, REMEDY);
  }
  return { destination, inputs: read(reader.having(values)) };
}

const REMEDY = 'give the output of the step that has the same destinations, which is JSON';

/** What an output of a step with several destinations says of each; undefined for another text. */
function byDestination(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? { __proto__: null, ...value } : undefined;
  } catch {
    return undefined;
  }
}
