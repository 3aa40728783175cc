export { PartFailure, ScenarioTimedOutError } from './errors';
export { closingLine, resultLines } from './print-report';
export { runScenarios } from './run-scenarios';
export type { Failure, Finding, Report, Scenario, ScenarioResult } from './scenario';
export { until } from './until';
