import { isNativeError } from 'node:util/types';
import { BackboneError } from '@askflash/agent-kit';
import { QdrantClient } from '@qdrant/js-client-rest';
import { z } from 'zod';
import { VectorCollectionMismatchError, VectorStoreUnavailableError } from '../errors';

/** Where a collection is. */
export interface VectorStoreOptions {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly collection: string;
  readonly timeoutMs?: number;
}

const payload = z.object({
  path: z.string(),
  /** Changes with the document and with the embedding model. */
  version: z.string(),
  heading: z.string(),
  text: z.string(),
});

/** What a point says besides its vector. */
export type PointPayload = z.output<typeof payload>;

/** A passage with its vector. */
export interface Point {
  /** A UUID. */
  readonly id: string;
  readonly vector: number[];
  readonly payload: PointPayload;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const hit = z.object({ score: z.number(), payload });
const vectorParams = z.object({ size: z.int(), distance: z.string() });

/** One collection of Qdrant. Its calls reject with a {@link VectorStoreUnavailableError}. */
export class VectorStore {
  private readonly client: QdrantClient;
  private readonly collection: string;

  constructor({ url, apiKey, collection, timeoutMs = DEFAULT_TIMEOUT_MS }: VectorStoreOptions) {
    const { protocol, hostname, port, pathname } = new URL(url);
    this.collection = collection;
    this.client = new QdrantClient({
      host: hostname,
      https: protocol === 'https:',
      ...(port === '' ? {} : { port: Number(port) }),
      // The client takes no path out of a URL.
      prefix: pathname.replace(/\/+$/, ''),
      timeout: timeoutMs,
      // As a header, for the client's own option writes to the console.
      ...(apiKey === undefined ? {} : { headers: { 'api-key': apiKey } }),
      checkCompatibility: false,
    });
  }

  /**
   * Makes the collection, unless it is there.
   *
   * @param size how many numbers a vector has
   * @throws {VectorCollectionMismatchError} where it is there for vectors of another size
   */
  async prepare(size: number): Promise<void> {
    await this.ask('create the collection', async (client) => {
      const { exists } = await client.collectionExists(this.collection);
      if (!exists) {
        // Another instance may be quicker; what it has made is looked at below.
        await client
          .createCollection(this.collection, { vectors: { size, distance: 'Cosine' } })
          .catch(async (error: unknown) => {
            if (!(await client.collectionExists(this.collection)).exists) throw error;
          });
        await client.createPayloadIndex(this.collection, {
          field_name: 'path',
          field_schema: 'keyword',
          wait: true,
        });
      }
      const { config } = await client.getCollection(this.collection);
      const found = vectorParams.safeParse(config.params.vectors).data;
      if (found?.size === size) return;
      throw new VectorCollectionMismatchError(
        `Collection ${this.collection} has vectors of ${found?.size ?? 'another kind'}, not ${size}`,
        { fields: { collection: this.collection, size } },
      );
    });
  }

  /** How many points of this version a document has. */
  count(path: string, version: string): Promise<number> {
    return this.ask('count points', async (client) => {
      const filter = { must: [matches('path', path), matches('version', version)] };
      return (await client.count(this.collection, { filter, exact: true })).count;
    });
  }

  /** Puts a document's points in, then takes those of other versions out. */
  async put(path: string, version: string, points: readonly Point[]): Promise<void> {
    await this.ask('store points', async (client) => {
      if (points.length > 0) {
        await client.upsert(this.collection, { wait: true, points: [...points] });
      }
      const filter = { must: [matches('path', path)], must_not: [matches('version', version)] };
      await client.delete(this.collection, { wait: true, filter });
    });
  }

  /** Takes every point of a document out. */
  async remove(path: string): Promise<void> {
    await this.ask('delete points', (client) =>
      client.delete(this.collection, { wait: true, filter: { must: [matches('path', path)] } }),
    );
  }

  /** Takes the points of all other documents out. */
  async retain(paths: ReadonlySet<string>): Promise<void> {
    const filter = { must: [{ key: 'path', match: { except: [...paths] } }] };
    await this.ask('delete points', (client) =>
      client.delete(this.collection, { wait: true, filter }),
    );
  }

  /** The points nearest to a vector, nearest first. */
  nearest(vector: number[], limit: number): Promise<z.output<typeof hit>[]> {
    return this.ask('search', async (client) => {
      const query = { query: vector, limit, with_payload: true };
      return z.array(hit).parse((await client.query(this.collection, query)).points);
    });
  }

  private async ask<T>(what: string, send: (client: QdrantClient) => Promise<T>): Promise<T> {
    try {
      return await send(this.client);
    } catch (cause) {
      if (cause instanceof BackboneError) throw cause;
      const why = isNativeError(cause) ? cause.message.slice(0, 200) : String(cause);
      throw new VectorStoreUnavailableError(`Qdrant could not ${what}: ${why}`, { cause });
    }
  }
}

function matches(key: string, value: string) {
  return { key, match: { value } };
}
