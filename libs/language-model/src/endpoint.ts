import { setTimeout as delay } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import { APIConnectionError, APIError, OpenAI } from 'openai';
import {
  LanguageModelError,
  LanguageModelRefusedError,
  LanguageModelReplyInvalidError,
  LanguageModelUnavailableError,
} from './errors';

/** Where an endpoint is and how it is asked. */
export interface EndpointOptions {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** Longest time of one call, retries included. */
  readonly timeoutMs: number;
  readonly retries: number;
}

/** The bounds of one call. */
export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * How long the caller has, in milliseconds. The call takes three quarters of it at most, so that
   * the caller can still do without the model.
   */
  readonly timeLeftMs?: number;
}

const SHARE_OF_TIME_LEFT = 0.75;
const FIRST_PAUSE_MS = 500;
const RETRIED_STATUSES: ReadonlySet<number> = new Set([408, 409, 429]);
const MAX_QUOTED_LENGTH = 200;

/** An OpenAI-compatible endpoint. */
export class Endpoint {
  private readonly client: OpenAI;

  constructor(private readonly options: EndpointOptions) {
    const { baseUrl, apiKey, timeoutMs } = options;
    this.client = new OpenAI({
      baseURL: baseUrl,
      apiKey: apiKey ?? '',
      ...(apiKey === undefined ? { defaultHeaders: { Authorization: null } } : {}),
      // Else the SDK would read these from variables of its own, and log to the console.
      organization: null,
      project: null,
      logLevel: 'off',
      timeout: timeoutMs,
      // Its pauses between retries heed no signal, however long the server wants them to be.
      maxRetries: 0,
    });
  }

  /** Begins a call: its clock runs from here on. */
  call(options: CallOptions = {}): Call {
    return new Call(this.client, this.options, options);
  }
}

/** One call, retries included. */
export class Call {
  private readonly limitMs: number;
  private readonly endsAt: number;
  private readonly timeUp: AbortSignal;
  private readonly signal: AbortSignal;

  constructor(
    private readonly client: OpenAI,
    private readonly options: EndpointOptions,
    private readonly bounds: CallOptions,
  ) {
    const share = (bounds.timeLeftMs ?? Infinity) * SHARE_OF_TIME_LEFT;
    this.limitMs = Math.max(1, Math.round(Math.min(options.timeoutMs, share)));
    this.endsAt = performance.now() + this.limitMs;
    this.timeUp = AbortSignal.timeout(this.limitMs);
    this.signal = bounds.signal ? AbortSignal.any([this.timeUp, bounds.signal]) : this.timeUp;
  }

  /**
   * Sends a request, and again where that may help.
   *
   * @throws {LanguageModelUnavailableError} or {@link LanguageModelRefusedError}, or the signal's
   * reason
   */
  async request<T>(send: (client: OpenAI, signal: AbortSignal) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await send(this.client, this.signal);
      } catch (error) {
        const pauseMs = this.pauseBeforeRetry(attempt, error);
        if (pauseMs === undefined) throw this.explain(error);
        await delay(pauseMs, undefined, { signal: this.signal }).catch((cause: unknown) => {
          throw this.explain(cause);
        });
      }
    }
  }

  /** Throws where the call is over: for a stream, which the SDK ends silently then. */
  throwIfOver(): void {
    if (this.signal.aborted) throw this.explain(this.signal.reason);
  }

  /** The error to throw for whatever went wrong; never holds the key. */
  explain(cause: unknown): unknown {
    if (this.bounds.signal?.aborted) return this.bounds.signal.reason;
    if (cause instanceof LanguageModelError) return cause;
    const fields = { baseUrl: new URL(this.options.baseUrl).origin };
    if (this.timeUp.aborted) {
      return new LanguageModelUnavailableError(
        `${fields.baseUrl} did not answer within ${this.limitMs} ms`,
        { fields },
      );
    }
    if (isNativeError(cause) && cause.name === 'SyntaxError') {
      return new LanguageModelReplyInvalidError(`${fields.baseUrl} did not answer with JSON`, {
        fields,
      });
    }
    const status = cause instanceof APIError ? cause.status : undefined;
    const said = `${fields.baseUrl} answered ${status ?? 'nothing'}${this.quote(cause)}`;
    return status !== undefined && !isRetried(status)
      ? new LanguageModelRefusedError(said, { fields: { ...fields, status } })
      : new LanguageModelUnavailableError(said, { fields: { ...fields, status } });
  }

  /** What the server says of it, cut short; a refused key is never quoted, not even in parts. */
  private quote(cause: unknown): string {
    if (!isNativeError(cause)) return '';
    if (cause instanceof APIError && (cause.status === 401 || cause.status === 403)) return '';
    const { apiKey } = this.options;
    const message = apiKey ? cause.message.replaceAll(apiKey, '***') : cause.message;
    // The SDK puts the status first.
    return `: ${message.replace(/^\d{3} /, '').slice(0, MAX_QUOTED_LENGTH)}`;
  }

  /** Undefined where no retry is left, none can help, or its time would be over. */
  private pauseBeforeRetry(attempt: number, error: unknown): number | undefined {
    if (this.signal.aborted || attempt >= this.options.retries || !isPassing(error))
      return undefined;
    const backOffMs = FIRST_PAUSE_MS * 2 ** attempt * (0.75 + Math.random() / 2);
    const pauseMs = wantedPauseMs(error) ?? backOffMs;
    return performance.now() + pauseMs < this.endsAt ? pauseMs : undefined;
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof APIConnectionError) return true;
  return error instanceof APIError && error.status !== undefined && isRetried(error.status);
}

function isRetried(status: number): boolean {
  return status >= 500 || RETRIED_STATUSES.has(status);
}

/** The server's own wish, by `Retry-After` in seconds or as a date. */
function wantedPauseMs(error: unknown): number | undefined {
  const wish = error instanceof APIError ? error.headers?.get('retry-after') : undefined;
  if (!wish) return undefined;
  const pauseMs = /^\d+$/.test(wish) ? Number(wish) * 1000 : Date.parse(wish) - Date.now();
  return Number.isNaN(pauseMs) ? undefined : Math.max(0, pauseMs);
}
