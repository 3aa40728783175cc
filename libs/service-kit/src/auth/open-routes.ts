/** Routes for machinery that has no key: they tell nothing of any task. */
export const OPEN_ROUTES: ReadonlySet<string> = new Set([
  '/health/live',
  '/health/ready',
  '/metrics',
]);
