import { quote } from '@slipway/core';
import { isComposeName } from '../compose/read/read-file.ts';
import { isManifestFolder } from '../manifests/plain.ts';
import { folderOf, isSample, lastOf } from '../names/names.ts';
import { NOTHING, type Remark } from '../proposal/contribution.ts';
import type { Part } from '../proposal/facts.ts';

/** Names each link that would decide what is deployed if it were not one, since links are never followed. */
export const LINKS: Part = ({ files }) =>
  Promise.resolve({ ...NOTHING, remarks: files.links.filter(couldDecide).map(linkRemark) });

function couldDecide(path: string): boolean {
  const name = lastOf(path);
  if (isSample(path)) return false;
  if (/^(?:Dockerfile|Containerfile|Chart\.yaml|kustomization\.ya?ml)$/.test(name)) return true;
  const isAmongManifests = folderOf(path).split('/').some(isManifestFolder);
  return isManifestFolder(name) || isComposeName(name) || isAmongManifests;
}

function linkRemark(path: string): Remark {
  return {
    kind: 'unread',
    at: { path, line: 1, column: 1 },
    message: `${quote(path)} is a link, so it is left out`,
    remedy: 'if it is deployed, put what it leads to in its place, and call slipway init again',
  };
}
