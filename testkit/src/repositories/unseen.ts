import type { TestRepository } from './repository.ts';

/** Repositories on which `init` is tried once it is written, with the results printed as they are; it is not changed for them. */
export const UNSEEN: readonly TestRepository[] = [
  {
    name: 'svelte-kit',
    what: 'SvelteKit, npm',
    origin: 'generator',
    make: `from_npm sv@0.17.1 sv create . --template minimal --types ts --no-add-ons --no-install
npm install --package-lock-only`,
  },
  {
    name: 'wagtail',
    what: 'Wagtail, pip, with the Dockerfile that it writes',
    origin: 'generator',
    make: `from_pypi wagtail==8.0.1 wagtail start shop .`,
  },
  {
    name: 'helidon-maven',
    what: 'Helidon SE, Maven, with the Dockerfile that it writes',
    origin: 'generator',
    make: `mvn -q -B org.apache.maven.plugins:maven-archetype-plugin:3.4.0:generate -DarchetypeGroupId=io.helidon.archetypes -DarchetypeArtifactId=helidon-quickstart-se -DarchetypeVersion=3.2.12 -DgroupId=org.acme -DartifactId=shop -Dpackage=org.acme
mv shop/* .
rm -rf shop`,
  },
];
