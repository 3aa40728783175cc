/**
 * The URLs of a cluster's nodes: `?node=host:port`, any number of times, names those besides the one
 * that the URL itself is of. They are alike in all else, and without a port in that too.
 */
export function nodeUrls(url: string): [string, ...string[]] {
  const first = new URL(url);
  const nodes = first.searchParams.getAll('node');
  if (nodes.length === 0) return [url];
  first.searchParams.delete('node');
  const others = nodes.map((node) => {
    const other = new URL(first);
    other.host = node;
    return other.href;
  });
  return [first.href, ...others];
}
