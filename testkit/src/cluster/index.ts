export { type Access, readAccess } from './access.ts';
export { type Answer, type ApiServer, openApiServer } from './api-server.ts';
export { connect, createNamespace } from './connect.ts';
export {
  answering,
  type Fault,
  type FaultyProxy,
  kubeconfigFor,
  resetting,
  startFaultyProxy,
} from './faulty-proxy.ts';
export { ADMISSION, createAll, distinctTexts, policyWarnings } from './policies.ts';
export { until } from './until.ts';
