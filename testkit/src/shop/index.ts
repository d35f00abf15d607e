import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { scratch } from '../git/repository.ts';

const EXAMPLE = resolve(import.meta.dirname, '../../../examples/shop');

/** Changes to files of the example, by path. */
export type Changes = Readonly<Record<string, (text: string) => string>>;

/** A copy of the example application, with changes. */
export function shopWith(changes: Changes = {}): string {
  const workspace = join(scratch(), 'workspace');
  cpSync(EXAMPLE, workspace, { recursive: true });
  for (const [path, change] of Object.entries(changes)) {
    const file = join(workspace, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, change(readIfAny(file)));
  }
  return workspace;
}

const PREVIEW = `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: preview }
spec:
  extends: staging
  name-prefix: pr-\${spawn}-
  labels: { example.com/preview: "pr-\${spawn}" }
  spawn:
    form: shared
    expires: 48h
    at-most: 8
    hosts: [preview.acme.io]
    url: https://pr-\${spawn}.preview.acme.io
    registry: registry.example/shop-preview
  destinations:
    dev: { namespace: shop-previews, context: dev }
`;

/** The changes with which the example has instances for pull requests. */
export const withPreview: Changes = {
  'formations/preview.yaml': () => PREVIEW,
  'config/preview.yaml': () => `apiVersion: slipway.dev/v1
kind: Config
spec:
  values:
    "*.preview.database": { host: db.preview.internal, port: 5432, name: shop }
  secrets:
    "*.preview.database.password": { from: env, name: PREVIEW_DATABASE_PASSWORD, as: url }
`,
};

function readIfAny(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Replaces a text, which must be there. */
export function replacing(from: string, to: string): (text: string) => string {
  return text => {
    if (!text.includes(from)) throw new Error(`there is no ${from} to replace`);
    return text.replaceAll(from, to);
  };
}

/** Replaces the strategy of a formation. @param strategy the lines of `spec` that it is to have, or none */
export function withStrategy(strategy: string): (text: string) => string {
  return text => {
    const after = text.replace(/^ {2}strategy:\n(?: {4}.*\n)+/m, strategy);
    if (after === text) throw new Error('there is no strategy to replace');
    return after;
  };
}
