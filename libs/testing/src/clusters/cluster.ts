/** One server of a cluster, which a test may lose. */
export interface ClusterNode {
  readonly name: string;
  /** Kills it, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again with its data, and waits until it is one of the cluster again. */
  rejoin(): Promise<void>;
}

/** Servers of one suite's own that make up for each other. */
export interface Cluster {
  /** Where they are, as the variables that apps read. */
  readonly env: Readonly<Record<string, string>>;
  readonly nodes: readonly ClusterNode[];
  /** Ends them and deletes their data. */
  stop(): Promise<void>;
}

/** A URL that names every node, on loopback. */
export function urlOfNodes(scheme: string, login: string, ports: readonly number[], path = '') {
  const [first, ...others] = ports.map((port) => `127.0.0.1:${port}`);
  const nodes = others.map((host) => `node=${host}`).join('&');
  return `${scheme}://${login}@${first}${path}?${nodes}`;
}
