/** Something the dev stack cannot go on with, told so that the reader knows what to do. */
export class StackError extends Error {
  /**
   * @param {string} message what is wrong
   * @param {{ remedy?: string, cause?: unknown }} [options] `remedy`: what the reader does about it
   */
  constructor(message, { remedy, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StackError';
    this.remedy = remedy;
  }
}

/**
 * Whether an error of the system is of one kind, such as `ENOENT`.
 *
 * @param {unknown} error
 * @param {string} code
 */
export function hasCode(error, code) {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
