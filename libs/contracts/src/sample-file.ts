/**
 * The file that holds the golden sample of a contract, a payload as it really occurs:
 * `messages/stage-requested.sample.json` for `stage.requested.v1`, and
 * `messages/stage-requested-v2.sample.json` for `stage.requested.v2`.
 */
export function sampleFileOf(type: string): string {
  return `messages/${type.replace(/\.v1$/, '').replaceAll('.', '-')}.sample.json`;
}
