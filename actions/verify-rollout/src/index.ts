import { runAction } from '@slipway/github';
import { post, readInputs, run } from './run.ts';

await runAction(readInputs, run, post);
