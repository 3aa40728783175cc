export { OptionInvalidError } from './errors';
export { JobCommand } from './job-command';
export { runJob } from './run-job';
export { wholeNumber } from './whole-number';
