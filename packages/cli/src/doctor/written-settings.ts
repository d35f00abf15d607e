import { type Application, DEFAULT_SETTINGS, type WorkflowSettings } from '@slipway/workflows';
import { onlyBranchOf } from '../workflows/released-branch.ts';
import { shownSettings } from '../workflows/shown-settings.ts';
import type { WrittenFile } from '../workflows/written-files.ts';
import { namingOf } from '../workflows/written-naming.ts';

/**
 * The settings by which workflows may have been written: those that show in the files, and each choice of the others. Nothing notes which
 * flags a team uses.
 */
export function possibleSettings(
  files: readonly WrittenFile[],
  application: Application,
): WorkflowSettings[] {
  const shown = {
    ...shownSettings(files),
    branch: onlyBranchOf(files) ?? DEFAULT_SETTINGS.branch,
    naming: namingOf(files, application),
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
