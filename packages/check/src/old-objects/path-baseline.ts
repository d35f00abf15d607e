import { isRenderedTree, readManifests, readRenderedTree } from '@slipway/render';
import { type Baseline, byKey } from './baseline.ts';

/** Compares with what is at a path: the same target of a rendered tree, or plain manifests. */
export function pathBaseline(path: string, workspace: string): Baseline {
  return async ({ rendered, namespace }) => {
    if (!(await isRenderedTree(path))) {
      const { objects } = await readManifests([path], workspace);
      return byKey(
        objects.map(({ object }) => object),
        namespace,
      );
    }
    const tree = await readRenderedTree(path);
    const same = tree.filter(
      other =>
        rendered === undefined ||
        (other.rendered.formation === rendered.formation &&
          other.rendered.destination === rendered.destination),
    );
    if (same.length === 0) return undefined;
    return byKey(
      same.flatMap(({ objects }) => objects.map(({ object }) => object)),
      namespace,
    );
  };
}
