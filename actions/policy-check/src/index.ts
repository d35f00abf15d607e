import { runAction } from '@slipway/github';
import { readInputs, run } from './run.ts';

await runAction(readInputs, run);
