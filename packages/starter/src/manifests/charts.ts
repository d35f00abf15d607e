import type { RepositoryFiles } from '../look/repository-files.ts';
import { folderOf, lastOf, nameFrom, stageOf } from '../names/names.ts';
import type { Remark } from '../proposal/contribution.ts';
import type { Candidate, Environment } from './candidate.ts';
import type { Shapes } from './shapes.ts';

/** Each chart, with an environment for each file of values that is named after one. */
export function chartCandidates(
  { charts }: Shapes,
  files: RepositoryFiles,
  application: string,
): Candidate[] {
  return charts.map(chart => candidateOf(chart, files, application));
}

function candidateOf(chart: string, files: RepositoryFiles, application: string): Candidate {
  const values = valuesFiles(chart, files);
  const environments = values.map(([name, path]) => environmentOf(chart, application, name, [path]));
  return {
    label: chart === '' ? 'Chart.yaml' : `${chart}/`,
    environments: environments.length > 0 ? environments : [environmentOf(chart, application, undefined, [])],
    remarks: [],
  };
}

function environmentOf(
  chart: string,
  application: string,
  name: string | undefined,
  valuesFiles: readonly string[],
): Environment {
  const release = nameFrom(lastOf(chart)) ?? application;
  const values = valuesFiles.length === 0 ? {} : { 'values-files': [...valuesFiles] };
  return {
    name,
    from: valuesFiles[0] ?? chart,
    isChart: true,
    sources: { [release]: { helm: { chart: chart === '' ? '.' : chart, release, ...values } } },
  };
}

/** `values-staging.yaml`, `values.staging.yaml` and `staging.yaml` in a folder of values, each with its environment. */
function valuesFiles(chart: string, files: RepositoryFiles): [name: string, path: string][] {
  const near = [chart, folderOf(chart)];
  const present = files.paths.filter(path => files.ignoredBy(path) === undefined);
  return present.flatMap(path => {
    const folder = folderOf(path);
    const isNear =
      near.includes(folder) || near.some(one => folder === (one === '' ? 'values' : `${one}/values`));
    const match = /^(?:values[.-])?([\w-]+)\.ya?ml$/.exec(lastOf(path));
    const name = match === null ? undefined : nameFrom(match[1] ?? '');
    const isValues = lastOf(folder) === 'values' || /^values[.-]/.test(lastOf(path));
    return isNear &&
      isValues &&
      name !== undefined &&
      (stageOf(name) !== undefined || lastOf(folder) === 'values')
      ? [[name, path] as [string, string]]
      : [];
  });
}

/** Charts that Helm refuses to install. https://helm.sh/docs/topics/library_charts/ */
export function libraryRemarks({ libraries }: Shapes): Remark[] {
  return libraries.map(folder => ({
    kind: 'unread',
    at: { path: folder === '' ? 'Chart.yaml' : `${folder}/Chart.yaml`, line: 1, column: 1 },
    message: 'the chart is a library of other charts, which is not installed by itself, so it is left out',
  }));
}
