export { type FakeRunner, type FakeRunnerOptions, fakeRunner, inputsOf } from './fake-runner.ts';
