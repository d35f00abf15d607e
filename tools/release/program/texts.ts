const REPOSITORY = 'https://github.com/slipway-dev/slipway';
/** What `npx` takes. */
export const PACKAGE = '@slipway-dev/slipway';
const NODE = 24;

/** package.json of the program: one command, no dependency, no script. */
export function manifestText(version: string): string {
  const manifest = {
    name: PACKAGE,
    version,
    description:
      'Runs on your machine what the actions of Slipway run on GitHub: render, check, plan, explain.',
    license: 'Apache-2.0',
    homepage: `${REPOSITORY}/blob/main/docs/cli.md`,
    // Trusted publishing compares it with the repository that publishes.
    repository: { type: 'git', url: `git+${REPOSITORY}.git` },
    bin: { slipway: 'dist/slipway.js' },
    files: ['dist'],
    engines: { node: `>=${NODE}` },
    publishConfig: { access: 'public', provenance: true },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** README.md of both packages. @param call how the program is called */
export function readmeText(call: string): string {
  return `# Slipway on the command line

\`\`\`sh
${call} --help
\`\`\`

It renders, checks and plans on your machine what the actions of Slipway release on GitHub, and needs Node ${NODE} or newer.
[The documentation](${REPOSITORY}/blob/main/docs/cli.md) has the commands; this is made from the release of the same version.
`;
}

/** The script that GitHub's command line runs as \`gh slipway\`. */
export function extensionText(): string {
  return `#!/bin/sh
# Runs the program slipway as "gh slipway": ${REPOSITORY}/blob/main/docs/cli.md
set -eu
folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
command -v node > /dev/null || {
  echo "error: gh slipway needs Node ${NODE} or newer, and there is no node in PATH; install it" >&2
  exit 2
}
exec node "$folder/dist/slipway.js" "$@"
`;
}
