import type { TestRepository } from './repository.ts';
import { VITE } from './vite.ts';

/** Repositories on which `init` is tried once it is written, with the results printed as they are; it is not changed for them. */
export const UNSEEN: readonly TestRepository[] = [
  {
    name: 'svelte-kit',
    what: 'SvelteKit, npm',
    origin: 'generator',
    make: `from_npm sv@0.17.1 sv create . --template minimal --types ts --no-add-ons --no-install
npm install --package-lock-only --save-dev ${VITE}`,
  },
  {
    name: 'wagtail',
    what: 'Wagtail, pip, with the Dockerfile that it writes',
    origin: 'generator',
    make: `from_pypi wagtail==8.0.1 wagtail start shop .`,
  },
  {
    name: 'httpbin',
    what: 'httpbin, the package of PyPI, without its own Dockerfile',
    origin: 'package',
    make: `python3 -m pip download -q --no-deps --no-binary :all: -d "$TOOLS" httpbin==0.10.2
tar -xzf "$TOOLS"/httpbin-0.10.2.tar.gz -C . --strip-components=1
rm -f Dockerfile`,
  },
];
