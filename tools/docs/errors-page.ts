export interface PackageErrors {
  readonly owner: string;
  readonly errors: Readonly<Record<string, string>>;
}

/** docs/errors.md: every code of every package, with what it means and what to do. */
export function errorsPage(packages: readonly PackageErrors[]): string {
  const sections = packages.flatMap(({ owner, errors }) => [
    `## ${owner}`,
    '',
    ...Object.entries(errors).map(([code, text]) => `- **\`${code}\`**: ${text}`),
    '',
  ]);
  return [
    '# Errors',
    '',
    'Every failure that Slipway explains has a code. It stands in no message, as a message says all there is to say; it is what tests compare and what scripts may rely',
    'on. This page is written by `npm run docs` from the `error-codes.ts` of each package.',
    '',
    ...sections,
  ].join('\n');
}
