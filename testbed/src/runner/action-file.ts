import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

export interface ActionInput {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
}

export interface ActionFile {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, ActionInput>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string };
}

/** Reads an action.yml as the runner does: YAML, with inputs and outputs that may be absent. */
export function readActionFile(path: string): ActionFile {
  const file = load(readFileSync(path, 'utf8')) as Omit<ActionFile, 'inputs' | 'outputs'> &
    Partial<ActionFile>;
  return { ...file, inputs: file.inputs ?? {}, outputs: file.outputs ?? {} };
}
