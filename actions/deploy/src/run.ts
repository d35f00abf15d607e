import { type Runner, withoutYoungGrowth } from '@slipway/github';
import type { Inputs } from './inputs/inputs.ts';
import { applyAndShow } from './modes/apply.ts';
import { destroyAndShow } from './modes/destroy.ts';
import { forgetAndShow } from './modes/forget.ts';
import { holdAndShow, liftHoldAndShow } from './modes/hold.ts';
import { compareAndShow, planAndShow } from './modes/plan.ts';
import { planRecoveryAndShow, recoverAndShow } from './modes/recover.ts';
import { listAndShow } from './modes/releases.ts';
import { rollBackAndShow } from './modes/roll-back.ts';
import { makeRoomAndShow } from './modes/room.ts';
import { spawnAndShow } from './modes/spawn.ts';
import { readAndShowStatus } from './modes/status.ts';
import { sweepAndShow } from './modes/sweep.ts';
import { withSpawn } from './spawned/with-spawn.ts';

/** Deploys, plans, rolls back, holds, removes, sweeps, makes room, forgets, lists or looks, as the mode says. */
export async function run(inputs: Inputs, runner: Runner): Promise<void> {
  await withoutYoungGrowth(() => runMode(withSpawn(inputs, runner), runner));
}

async function runMode(inputs: Inputs, runner: Runner): Promise<void> {
  switch (inputs.mode) {
    case 'apply':
      return await (inputs.spawn === '' ? applyAndShow(inputs, runner) : spawnAndShow(inputs, runner));
    case 'plan':
      return await planAndShow(inputs, runner);
    case 'compare':
      return await compareAndShow(inputs, runner);
    case 'rollback':
      return await rollBackAndShow(inputs, runner);
    case 'destroy':
      return await destroyAndShow(inputs, runner);
    case 'forget':
      return await forgetAndShow(inputs, runner);
    case 'hold':
      return await holdAndShow(inputs, runner);
    case 'lift-hold':
      return await liftHoldAndShow(inputs, runner);
    case 'releases':
      return await listAndShow(inputs, runner);
    case 'room':
      return await makeRoomAndShow(inputs, runner);
    case 'sweep':
      return await sweepAndShow(inputs, runner);
    case 'recover-plan':
      return await planRecoveryAndShow(inputs, runner);
    case 'recover':
      return await recoverAndShow(inputs, runner);
    case 'status':
      return await readAndShowStatus(inputs, runner);
  }
}
