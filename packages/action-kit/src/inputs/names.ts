import { isName } from '@slipway/core';
import type { InputReader } from '@slipway/github';

/** A DNS label: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** @returns empty if the input is */
export function readFormationName(reader: InputReader): string {
  return readName(reader, 'formation');
}

/** @returns empty if the input is */
export function readDestinationName(reader: InputReader): string {
  return readName(reader, 'destination');
}

function readName(reader: InputReader, input: 'formation' | 'destination'): string {
  const name = reader.text(input);
  if (name !== '' && !isName(name))
    reader.problem(
      input,
      `is not the name of a ${input}`,
      'name exactly one: a-z, 0-9 and -, at most 40 characters',
    );
  return name;
}

export function isNamespaceName(text: string): boolean {
  return NAMESPACE.test(text);
}

/** @returns empty if the input is */
export function readNamespace(reader: InputReader): string {
  const namespace = reader.text('namespace');
  if (namespace !== '' && !isNamespaceName(namespace))
    reader.problem(
      'namespace',
      'is not the name of a namespace',
      'use a-z, 0-9 and -, at most 63 characters',
    );
  return namespace;
}
