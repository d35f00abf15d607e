import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { canonicalJson, type JsonValue, parseJson, SlipwayError, valueAt } from '@slipway/core';
import { toolPath } from '@slipway/testbed';
import fc from 'fast-check';
import { parseDocument, stringifyYaml } from '../../src/index.ts';
import { randomDocument, randomNumber, randomText } from './random-yaml.ts';

export interface YamlDifference {
  readonly document: string;
  readonly here: string;
  readonly library: string;
}

export interface YamlComparison {
  readonly compared: number;
  /** How many the library refuses. */
  readonly refused: number;
  readonly differences: readonly YamlDifference[];
}

/** What a document is for one side: its value, or that it is refused and why. */
type Reading = { readonly value: JsonValue; readonly duplicates?: number } | { readonly refused: string };

/** What the library of Kubernetes reads, in the order of the documents. */
async function readByLibrary(documents: readonly string[]): Promise<Reading[]> {
  const program = spawn(await toolPath('yaml'), [], { stdio: ['pipe', 'pipe', 'inherit'] });
  program.stdin.end(documents.map(document => `${JSON.stringify(document)}\n`).join(''));
  const lines = (await text(program.stdout)).trimEnd().split('\n');
  return lines.map(line => {
    const answer = parseJson(line);
    const refused = valueAt(answer, ['refused']);
    return typeof refused === 'string' ? { refused } : { value: valueAt(answer, ['value']) ?? null };
  });
}

function readHere(document: string): Reading {
  try {
    const { value, duplicateKeys } = parseDocument(document, 'a.yaml');
    return { value, duplicates: duplicateKeys.length };
  } catch (error) {
    if (error instanceof SlipwayError) return { refused: error.message };
    throw error;
  }
}

/** Compares what is read of random documents. */
export async function compareReading(seed: number, count: number): Promise<YamlComparison> {
  const documents = [...new Set(fc.sample(randomDocument, { seed, numRuns: count }))].filter(
    document => !hasDuplicates(document),
  );
  const answers = await readByLibrary(documents);
  const differences = documents.flatMap((document, index): YamlDifference[] => {
    const [here, library] = [readHere(document), answers[index] as Reading];
    return isSame(here, library) || isRefusedOnPurpose(document, here, library)
      ? []
      : [{ document, here: shown(here), library: shown(library) }];
  });
  return {
    compared: documents.length,
    refused: answers.filter(answer => 'refused' in answer).length,
    differences,
  };
}

/** Compares random texts and numbers, as keys, values and items, with what the library reads of them once they are written here. */
export async function compareWriting(seed: number, count: number): Promise<YamlComparison> {
  const values = fc.sample(
    fc.oneof(
      fc
        .tuple(randomText, fc.oneof(randomText, randomNumber))
        .map(([key, value]): JsonValue => ({ [key]: value })),
      fc
        .array(fc.oneof(randomText, randomNumber), { minLength: 1, maxLength: 3 })
        .map((items): JsonValue => ({ x: items })),
    ),
    { seed, numRuns: count },
  );
  const documents = values.map(value => stringifyYaml(value));
  const answers = await readByLibrary(documents);
  const differences = documents.flatMap((document, index): YamlDifference[] => {
    const [wanted, library, here] = [
      { value: values[index] ?? null },
      answers[index] as Reading,
      readHere(document),
    ];
    if (isSame(wanted, library) && isSame(wanted, here)) return [];
    return [{ document, here: `${shown(wanted)}, read back as ${shown(here)}`, library: shown(library) }];
  });
  return { compared: documents.length, refused: 0, differences };
}

/** Whether two keys become one text, of which the library takes either by chance. */
function hasDuplicates(document: string): boolean {
  const here = readHere(document);
  return 'duplicates' in here && here.duplicates > 0;
}

/** What parsers disagree about between brackets, such as `[a:]` and `[-]`, is refused here on purpose, and so is the loss of bytes. */
function isRefusedOnPurpose(document: string, here: Reading, library: Reading): boolean {
  if (!('refused' in here) || 'refused' in library) return false;
  return /[:-][,\]}]/.test(document) || shown(library).includes('\ufffd');
}

function isSame(one: Reading, other: Reading): boolean {
  if ('refused' in one || 'refused' in other) return 'refused' in one && 'refused' in other;
  return canonicalJson(one.value) === canonicalJson(other.value);
}

function shown(reading: Reading): string {
  return 'refused' in reading ? `refused: ${reading.refused}` : canonicalJson(reading.value);
}
