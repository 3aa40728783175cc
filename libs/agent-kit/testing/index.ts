export { withBackbone } from './with-backbone';
export type { AgentOnBackbone, WithBackboneOptions } from './with-backbone';
export type { RequestedStage, StageReport } from './requested-stage';
