/**
 * Converts Copper rules into ValidatingAdmissionPolicies; docs/copper.md says which and how.
 * `node --conditions=slipway-source packages/policy/tools/copper.ts rules.cop [--kinds Deployment,Service] > policies/copper.yaml`
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { convertCopper } from '../src/copper/convert.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kinds: { type: 'string' }, kubernetes: { type: 'string', default: '1.36' } },
});
const [file] = positionals;
if (file === undefined) {
  console.error('give the path of a .cop file');
  process.exitCode = 2;
} else {
  const { policies, problems } = convertCopper(
    readFileSync(file, 'utf8'),
    values.kinds?.split(','),
    values.kubernetes,
  );
  process.stdout.write(policies);
  for (const { rule, line, message } of problems)
    console.error(`${file}:${line}: ${rule === undefined ? '' : `rule ${rule}: `}${message}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
