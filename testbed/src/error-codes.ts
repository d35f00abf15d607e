/** What keeps a testbed from being built or started. */
export type TestbedErrorCode =
  | 'testbed-machine'
  | 'testbed-build'
  | 'testbed-start'
  | 'testbed-option'
  | 'testbed-not-running'
  | 'testbed-registry'
  | 'testbed-cancelled';

export const testbedErrors: Readonly<Record<TestbedErrorCode, string>> = {
  'testbed-machine':
    'This machine lacks something that the testbed needs: the message names it and what serves instead.',
  'testbed-build': 'A part of the testbed could not be built: the log file that the message names says why.',
  'testbed-start':
    'A part of the testbed ended or did not become ready: the log file that the message names says why.',
  'testbed-option':
    'An option of the testbed has a value that it does not know: the message names those that it knows.',
  'testbed-not-running':
    'There is no running testbed of that name: start it with `npm run testbed -- up --detach`.',
  'testbed-registry': "The testbed's registry refused an image: its log says why.",
  'testbed-cancelled': 'The testbed was told to stop before it was ready.',
};
