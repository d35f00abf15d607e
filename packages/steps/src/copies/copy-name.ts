/** A label with the name of a copy, and what controllers make of it, have no more characters. */
export const MAX_COPY_NAME = 63;

const SUFFIX = '-next';

/** The name of the temporary copy of an object: `api-next`. */
export function copyName(name: string): string {
  return `${name}${SUFFIX}`;
}
