/**
 * Converts Copper rules into ValidatingAdmissionPolicies; docs/copper.md says which and how.
 * `node --conditions=slipway-source tools/copper/main.ts rules.cop [--kinds Deployment,Service] > policies/copper.yaml`
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { convertCopper } from './convert.ts';

const USAGE =
  'usage: main.ts rules.cop [--kinds Deployment,Service] [--kubernetes 1.36] > policies/copper.yaml';

/** @returns the exit code: 1 where a rule was not converted, 2 where the command could not run at all */
function main(argv: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { kinds: { type: 'string' }, kubernetes: { type: 'string' } },
  });
  const [file] = positionals;
  if (file === undefined) throw new Error('the path of a .cop file is missing');
  const { policies, problems } = convertCopper(
    readFileSync(file, 'utf8'),
    values.kinds?.split(','),
    values.kubernetes,
  );
  process.stdout.write(policies);
  for (const { rule, line, message } of problems)
    console.error(`${file}:${line}: ${rule === undefined ? '' : `rule ${rule}: `}${message}`);
  return problems.length === 0 ? 0 : 1;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 2;
}
