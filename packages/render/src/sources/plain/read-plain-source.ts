import { posix } from 'node:path';
import { Problems, quote } from '@slipway/core';
import { decodeText, parseDocuments, type YamlDocument } from '@slipway/yaml';
import type { RenderErrorCode } from '../../error-codes.ts';
import type { FileSource } from '../../files/file-source.ts';
import { isManifestFile } from '../../files/read-documents.ts';
import type { Traced } from '../../trace/traced.ts';
import type { ForeignManifest } from '../foreign-document.ts';
import { SealedTokens, traceSealed } from '../sealed-tokens.ts';
import type { NamedPath } from '../workspace-paths.ts';
import type { PlainRequest } from './plain-request.ts';

/** A file of a source, and the path that it was found by. */
interface Found {
  readonly path: string;
  readonly named: NamedPath;
}

/**
 * The manifests of folders and files that `kubectl apply` takes as they are.
 * @throws SlipwayError with all that cannot be read
 */
export async function readPlainSource(request: PlainRequest, files: FileSource): Promise<ForeignManifest[]> {
  const problems = new Problems<RenderErrorCode>();
  const paths = new Map<string, Found>();
  for (const named of request.paths)
    await problems.collect(async () => {
      for (const path of await filesAt(named, files, problem => problems.add(problem)))
        paths.set(path, { path, named });
    });
  const found: ForeignManifest[] = [];
  for (const { path, named } of paths.values())
    if (!isExcluded(path, request))
      await problems.collect(async () => found.push(...(await manifestsOf(path, named, request, files))));
  problems.throwIfAny();
  return found;
}

async function filesAt(
  { path, at }: NamedPath,
  files: FileSource,
  report: Problems<RenderErrorCode>['add'],
): Promise<readonly string[]> {
  const below = await files.list(path === '.' ? '' : path);
  if (below.length > 0) return below.filter(isManifestFile);
  if ((await files.read(path)) !== undefined) return [path];
  report({
    code: 'source-missing',
    at,
    message: `${quote(path)} does not exist in the workspace`,
    remedy: 'fix the path, or check out the repository in an earlier step',
  });
  return [];
}

function isExcluded(path: string, { exclude }: PlainRequest): boolean {
  return exclude.some(excluded => path === excluded.path || path.startsWith(`${excluded.path}/`));
}

async function manifestsOf(
  path: string,
  named: NamedPath,
  { source, placeholders }: PlainRequest,
  files: FileSource,
): Promise<ForeignManifest[]> {
  const text = decodeText((await files.read(path)) ?? new Uint8Array(), path);
  const below = path === named.path ? posix.basename(path) : posix.relative(named.path, path);
  const name = `${source}/${below.replace(/\.[^./]*$/, '')}`;
  const documents = parseDocuments(text, path, { revision: files.revisionOf?.(path) });
  // A file may end in `---`, which kubectl skips.
  return documents
    .filter(({ value }) => value !== null)
    .map(document => manifest(name, document, placeholders));
}

function manifest(
  name: string,
  document: YamlDocument,
  placeholders: PlainRequest['placeholders'],
): ForeignManifest {
  if (placeholders === 'fill')
    return {
      name,
      document,
      trace: (node, { substitute }) => substitute(document, node),
      words: document.root,
    };
  const trace: ForeignManifest['trace'] = (node, { report }): Traced =>
    traceSealed(document, node, new SealedTokens(), report);
  return { name, document, trace };
}
