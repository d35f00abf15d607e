import { PACKS } from '../packs/pack-files.ts';
import { ownRules } from './own-rules.ts';

/** The address of the pages that `npm run docs` generates. */
const PAGES = 'https://github.com/slipway-dev/slipway/blob/v1/docs/rules';

/** The page that explains a finding's rule; undefined for a policy that is not built in. */
export function helpUri(rule: string): string | undefined {
  const page = [...PACKS, ...Object.keys(ownRules)].find(name => rule.startsWith(`${name}/`));
  if (page === undefined) return undefined;
  const [name] = rule.slice(page.length + 1).split('/');
  return `${PAGES}/${pageName(page)}.md#${name}`;
}

/** `pod-security-restricted` of `pod-security/restricted`. */
export function pageName(pack: string): string {
  return pack.replaceAll('/', '-');
}
