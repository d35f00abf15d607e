import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  parseRendered,
  parseSourceMap,
  quote,
  type Rendered,
  renderedDigest,
  SlipwayError,
} from '@slipway/core';
import { isKubernetesObject, type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { decodeText, parseDocuments } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import { filesBelow, isMissing } from '../files/file-source.ts';
import type { RenderedDestination } from './rendered-destination.ts';
import { placesByObject, renderedObject } from './rendered-object.ts';
import { MANIFESTS_FOLDER, RENDERED_FILE, SOURCE_MAP_FILE } from './tree-layout.ts';

/**
 * Reads what render-stencil wrote and verifies its digest.
 * @param path the whole tree, the folder of a formation or of a destination
 * @throws SlipwayError `rendered-missing`, `rendered-changed`, and what is wrong with a broken file of the tree
 */
export async function readRenderedTree(path: string): Promise<RenderedDestination[]> {
  const directories = await destinationFolders(path);
  if (directories.length === 0)
    throw new SlipwayError<RenderErrorCode>({
      code: 'rendered-missing',
      message: `${quote(path)} does not contain a rendered tree`,
      remedy: 'use the folder that render-stencil wrote, its output "manifests"',
    });
  return await Promise.all(directories.map(readDestination));
}

/** Whether a path is a rendered tree rather than plain manifests. */
export async function isRenderedTree(path: string): Promise<boolean> {
  return (await destinationFolders(path)).length > 0;
}

/** The tree is three levels deep: formation, destination, files. */
async function destinationFolders(path: string, depth = 2): Promise<string[]> {
  const entries = await entriesOf(path);
  if (entries.some(entry => entry.isFile() && entry.name === RENDERED_FILE)) return [path];
  if (depth === 0) return [];
  const folders = entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.'));
  const names = folders.map(({ name }) => name).sort();
  return (await Promise.all(names.map(name => destinationFolders(join(path, name), depth - 1)))).flat();
}

async function entriesOf(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function readDestination(directory: string): Promise<RenderedDestination> {
  const rendered = parseRendered(await readText(directory, RENDERED_FILE), join(directory, RENDERED_FILE));
  await refuseUnlisted(directory, rendered);
  const sourceMap = parseSourceMap(
    await readText(directory, SOURCE_MAP_FILE),
    join(directory, SOURCE_MAP_FILE),
  );
  const manifests = await Promise.all(rendered.files.map(file => readManifest(directory, file)));
  const objects = manifests.flatMap(manifest => manifest.objects);
  const { digest, ...covered } = rendered;
  if (
    renderedDigest(
      covered,
      objects.map(({ object }) => object),
    ) !== digest
  )
    throw changed(directory, 'was changed after it was rendered');
  const placesOf = placesByObject(sourceMap);
  return {
    directory,
    rendered,
    sourceMap,
    manifests: new Map(manifests.map(({ file, text }) => [file, text])),
    warnings: [],
    objects: objects.map(({ object, file, document }) => {
      const manifest = { reference: referenceTo(object), file, document, read: () => object };
      return renderedObject(manifest, sourceMap, placesOf(file, document));
    }),
  };
}

/** `kubectl apply -f` would also read a manifest that was added, so a new file counts as a change. */
async function refuseUnlisted(directory: string, rendered: Rendered): Promise<void> {
  const found = await filesBelow(directory).list(MANIFESTS_FOLDER);
  const added = found.find(file => !rendered.files.includes(file));
  if (added !== undefined) throw changed(join(directory, added), 'was added after rendering');
}

interface Manifest {
  readonly file: string;
  readonly text: string;
  readonly objects: readonly {
    readonly object: KubernetesObject;
    readonly file: string;
    readonly document: number;
  }[];
}

async function readManifest(directory: string, file: string): Promise<Manifest> {
  const text = await readText(directory, file);
  const objects = parseDocuments(text, join(directory, file)).map(({ value, index }) => {
    if (!isKubernetesObject(value)) throw changed(join(directory, file), 'was changed after it was rendered');
    return { object: value, file, document: index };
  });
  return { file, text, objects };
}

async function readText(directory: string, file: string): Promise<string> {
  const bytes = await filesBelow(directory).read(file);
  if (bytes === undefined) throw changed(join(directory, file), 'was removed after rendering');
  return decodeText(bytes, join(directory, file));
}

function changed(path: string, what: string): SlipwayError<RenderErrorCode> {
  return new SlipwayError<RenderErrorCode>({
    code: 'rendered-changed',
    message: `${quote(path)} ${what}`,
    remedy: 'change the stencil or config instead and render again',
  });
}
