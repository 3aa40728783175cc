/** Paths that are asked for all the time. */
export const QUIET_PATHS = ['/health', '/metrics'];

/** Whether a path is asked for all the time, and so is worth neither a line in the log nor a span. */
export function isQuiet(path: string): boolean {
  return QUIET_PATHS.some((quiet) => path.startsWith(quiet));
}
