import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloneShop } from '../../demo/shop.ts';
import type { Stage } from '../../demo/stage.ts';
import { SECRETS } from '../../demo/workflows.ts';
import type { WorkflowOptions } from './act.ts';
import { liveImage, stageForTests } from './stage.ts';

/** The shop in a repository of its own, beside the testbed that its workflows release to. */
export interface ShopUnderAct {
  readonly stage: Stage;
  readonly shop: Awaited<ReturnType<typeof cloneShop>>;
  /** What every run of a workflow has in common. */
  readonly options: Omit<WorkflowOptions, 'file' | 'event'>;
}

/** @param prepare writes the workflows into the repository, whose folder it gets, before the first commit */
export async function openShop(prepare: (repository: string) => Promise<void>): Promise<ShopUnderAct> {
  const stage = await stageForTests();
  const repository = join(stage.directory, 'repository');
  const shop = await cloneShop(stage, repository);
  await prepare(repository);
  // No one watches, so a release need not be stable for long.
  await shop.commit('Open the shop', {
    'formations/staging.yaml': text => text.replace('stable-for: 10s', 'stable-for: 2s'),
    'formations/production.yaml': text => text.replace('stable-for: 30s', 'stable-for: 2s'),
  });
  const kubeconfig = readFileSync(stage.kubeconfig, 'utf8');
  return {
    stage,
    shop,
    options: {
      repository,
      secrets: { KUBECONFIG: kubeconfig, VIEWER_KUBECONFIG: kubeconfig, ...SECRETS },
      environment: stage.builder,
      path: stage.path,
      home: join(stage.directory, 'act'),
    },
  };
}

/** The images of the api in staging and in both destinations of production. */
export async function liveImages(stage: Stage): Promise<readonly (string | undefined)[]> {
  return await Promise.all(
    ['shop-staging', 'shop-eu', 'shop-us'].map(namespace => liveImage(stage, 'deployment', 'api', namespace)),
  );
}
