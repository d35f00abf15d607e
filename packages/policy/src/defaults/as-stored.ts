import type { KubernetesObject } from '@slipway/kubernetes';
import { minorOf, readBuiltInSchemas } from '../schemas/built-in.ts';
import { type Catalog, openCatalog } from '../schemas/catalog.ts';
import { admissionView } from './admission-view.ts';

const OPENED = new Map<string, Catalog>();

/**
 * A new object of a built-in kind as an API server of a version stores it, as far as that is known without the server: with its
 * defaults. Objects of other kinds are returned as they are.
 */
export function asStored(object: KubernetesObject, kubernetesVersion: string): KubernetesObject {
  const file = readBuiltInSchemas(kubernetesVersion);
  const catalog = OPENED.get(file.version) ?? openCatalog(file);
  OPENED.set(file.version, catalog);
  const kind = catalog.find(object.apiVersion, object.kind);
  const { namespace = '' } = object.metadata;
  return kind === undefined
    ? object
    : admissionView(object, kind, String(namespace), minorOf(catalog.version));
}
