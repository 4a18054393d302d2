/*
 * What the host and the app in a pod say to each other, as JSON over HTTP on a unix socket. Types only: the app's
 * script erases this import.
 */

/** What an app answers to any HTTP request, to its gRPC method or to a line over TCP: who it is and what it saw. */
export interface Echo {
  cluster: string;
  namespace: string;
  workload: string;
  pod: string;
  protocol: 'http' | 'grpc' | 'tcp';
  /** Path of the request, or full name of the method; the line that came over TCP. */
  path: string;
  method: string;
  /** Request headers, or gRPC metadata, in lower case. Envoy adds `x-forwarded-client-cert`: the peer's identity. */
  headers: Record<string, string>;
}

/** How an app is told who it is. */
export interface AppOptions {
  cluster: string;
  namespace: string;
  workload: string;
  pod: string;
  httpPort: number;
  grpcPort: number;
  tcpPort: number;
  /** Unix socket on which it takes the host's orders. */
  controlSocket: string;
  /** User and group to become after start. */
  uid: number;
}

/** An HTTP request that the app shall send from inside its pod. */
export interface CallOrder {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Milliseconds; 10,000 by default. */
  timeoutMs?: number;
  /** Open a new connection to the proxy for this call; kept ones are used by default. */
  freshConnection?: boolean;
}

/** A gRPC call that the app shall send: `isthmus.testbed.Echo/Echo`, messages in JSON. */
export interface GrpcOrder {
  /** `host:port`. */
  target: string;
  timeoutMs?: number;
}

/** A line that the app shall send over a TCP connection of its own, to be answered with a line. */
export interface TcpOrder {
  /** `host:port`. */
  target: string;
  timeoutMs?: number;
}

/** What came of a call. */
export type CallOutcome =
  | {
      outcome: 'answered';
      /** HTTP status; 200 for a gRPC call that succeeded, and for an answer over TCP. */
      status: number;
      headers: Record<string, string>;
      body: string;
      /** The body, when it is an app's echo. */
      echo?: Echo;
      /** Address that the host name resolved to. */
      address: string;
      durationMs: number;
    }
  | {
      outcome: 'failed';
      /** Socket or resolver code (`ENOTFOUND`, `ECONNREFUSED`, `TIMEOUT`), or gRPC status name (`UNAVAILABLE`). */
      code: string;
      message: string;
      durationMs: number;
    };

/** Calls at a steady rate. */
export interface LoopOrder extends CallOrder {
  /** Calls per second. */
  rate: number;
}

/** One call of a loop that was not answered with a 2xx status. */
export interface LoopFailure {
  at: string;
  /** HTTP status, or the code of the failure. */
  result: string;
  message: string;
}

/** What came of a loop's calls so far. */
export interface LoopCounts {
  sent: number;
  /** Answered with a 2xx status. */
  succeeded: number;
  /** Everything else that ended. */
  failed: number;
  /** Calls that succeeded, by `<workload>@<cluster>` of the app that answered. */
  answeredBy: Record<string, number>;
  /** The first hundred failures. */
  failures: LoopFailure[];
}

/** How the app shall answer from now on. */
export interface Behaviour {
  /** Status of every HTTP answer, and for gRPC `UNAVAILABLE`, when set. */
  failWith?: number;
  /** Milliseconds to wait before each answer. */
  delayMs?: number;
}
