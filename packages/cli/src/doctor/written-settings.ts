import { DEFAULT_SETTINGS, type WorkflowSettings } from '@slipway/workflows';

/**
 * The settings by which workflows may have been written: those that show in the files, and each choice of the others. Nothing notes which
 * flags a team uses.
 */
export function possibleSettings(texts: readonly string[]): WorkflowSettings[] {
  const all = texts.join('\n');
  const shown = {
    version:
      /uses: slipway-dev\/slipway(?:\/actions\/[a-z-]+)?@(\S+)/.exec(all)?.[1] ?? DEFAULT_SETTINGS.version,
    runsOn: /^ +runs-on: "?([A-Za-z0-9._-]+)"?$/m.exec(all)?.[1] ?? DEFAULT_SETTINGS.runsOn,
    branch: /^ +push: \{ branches: \["?([^"\]]+)"?\] \}/m.exec(all)?.[1] ?? DEFAULT_SETTINGS.branch,
  };
  return combinations().map(chosen => ({ ...shown, ...chosen }));
}

function combinations() {
  return (['github', 'ghes'] as const).flatMap(target =>
    (['own', 'shared'] as const).flatMap(form =>
      (['none', 'write'] as const).flatMap(idToken =>
        (['github', 'exact'] as const).flatMap(deployments =>
          (['none', 'record-key'] as const).map(signing => ({
            ...{ target, form, idToken, deployments, signing },
          })),
        ),
      ),
    ),
  );
}
