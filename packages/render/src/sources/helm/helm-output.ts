/** One manifest of what `helm template` wrote. */
export interface HelmManifest {
  /** `demo/templates/api.yaml`: of the chart, or `demo/charts/redis/templates/…` of one that it depends on. */
  readonly template: string;
  readonly text: string;
}

const header = /^---\n# Source: (.+)\n/gm;

/** Helm writes where a manifest comes from on the line after the one that begins it. Manifests without content are left out. */
export function helmManifests(output: string): HelmManifest[] {
  const headers = [...output.matchAll(header)];
  return headers.flatMap(({ 0: { length }, 1: template = '', index }, number) => {
    const text = output.slice(index + length, headers[number + 1]?.index);
    const isEmpty = text.split('\n').every(line => /^\s*(?:#|$|---$)/.test(line));
    return isEmpty ? [] : [{ template: template.trim(), text }];
  });
}
