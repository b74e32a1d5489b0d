import type { Life } from "./life.ts";

type Inner<T> = { readonly [K in keyof T]?: (value: T[K]) => T[K] };

interface Mortality<T> {
  readonly name: string;
  /** Methods with a point before and after each call. */
  readonly points: readonly (keyof T & string)[];
  /** Members that are not methods with one promise as the answer. */
  readonly inner?: Inner<T>;
}

/** A port whose methods answer only while the process lives. What is no function is passed through. */
export const mortalPort = <T extends object>(port: T, life: Life, { name, points, inner = {} }: Mortality<T>): T => {
  const withPoint = new Set<string>(points);
  return new Proxy(port, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      const wrap = Reflect.get(inner, key) as ((member: unknown) => unknown) | undefined;
      if (wrap !== undefined) return wrap(value);
      if (typeof value !== "function") return value;
      const label = typeof key === "string" && withPoint.has(key) ? `${name}.${key}` : undefined;
      return (...given: readonly unknown[]) =>
        life.call(label, async () => (await Reflect.apply(value, target, given)) as unknown);
    },
  });
};

/** A list that gives its next element only while the process lives. */
export async function* mortalList<T>(source: AsyncIterable<T>, life: Life): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  for (;;) {
    const next = await life.call(undefined, () => iterator.next());
    if (next.done === true) return;
    yield next.value;
  }
}
