/** Inputs of the actions that a flag of the program has the name of. */
const FLAGS: readonly string[] = [
  ...['adopt', 'application', 'context', 'crds', 'destination', 'force-conflicts', 'formation'],
  ...[
    'branch',
    'runs-on',
    'version',
    'kubeconfig',
    'namespace',
    'packs',
    'policies',
    'prune',
    'set',
    'snapshot',
    'spawn',
    'waivers',
  ],
];

/**
 * A sentence of a package, with flags where it names inputs of the actions. What others wrote is in quotes there, with its own quotes
 * escaped, so that it is not taken for an input.
 */
export function inOwnWords(sentence: string): string {
  return sentence
    .replaceAll(/(?:\bthe )?\binput "([a-z-]+)"/g, (whole, name: string) => flagFor(name, whole))
    .replaceAll(/\bthe setting "([a-z-]+)"/g, (whole, name: string) => flagFor(name, whole))
    .replaceAll(/\bthe input ([a-z-]+)/g, (whole, name: string) => flagFor(name, whole))
    .replaceAll(/\bthe ([a-z]+) input\b/g, (whole, name: string) => flagFor(name, whole));
}

function flagFor(name: string, otherwise: string): string {
  return FLAGS.includes(name) ? `--${name}` : otherwise;
}
