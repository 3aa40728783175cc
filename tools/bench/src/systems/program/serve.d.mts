export declare function serve(calls: Readonly<Record<string, (...args: never[]) => unknown>>): void;
