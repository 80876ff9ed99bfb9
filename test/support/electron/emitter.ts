/** An event of Electron's whose default can be prevented. */
export interface Preventable {
  readonly defaultPrevented: boolean;
  preventDefault(): void;
}

export const preventable = <Fields extends object>(fields: Fields): Fields & Preventable => {
  let prevented = false;
  return Object.assign(
    Object.create({}, { defaultPrevented: { get: () => prevented } }) as Preventable,
    fields,
    {
      preventDefault: () => {
        prevented = true;
      },
    },
  );
};

type Listener<Args extends unknown[]> = (...args: Args) => void;

/** Emits the events that the double has; a listener for any other is a fault of the double or of the host, and throws. */
export class Emitter<Events extends Record<keyof Events, unknown[]>> {
  readonly known: readonly (keyof Events)[];
  readonly listeners = new Map<keyof Events, Set<(...args: unknown[]) => void>>();

  constructor(known: readonly (keyof Events)[]) {
    this.known = known;
  }

  on(event: string, listener: Listener<never[]>): this {
    const name = this.known.find((each) => each === event);
    if (name === undefined) throw new Error(`the double has no event "${event}"`);
    const those = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, those.add(listener as Listener<unknown[]>));
    return this;
  }

  once(event: string, listener: Listener<never[]>): this {
    const own = (...args: never[]): void => {
      for (const those of this.listeners.values()) those.delete(own as Listener<unknown[]>);
      listener(...args);
    };
    return this.on(event, own);
  }

  happen<Name extends keyof Events>(event: Name, ...args: Events[Name]): void {
    for (const listener of [...(this.listeners.get(event) ?? [])]) listener(...args);
  }

  isHeard(event: keyof Events): boolean {
    return (this.listeners.get(event)?.size ?? 0) > 0;
  }
}

const askedOfAnything = new Set(['then', 'toJSON', 'constructor', 'asymmetricMatch', 'nodeType']);

/** What the double has not is an error, never undefined: a host that begins to use more of Electron is told so. */
export const strict = <Part extends object>(name: string, part: Part): Part =>
  new Proxy(part, {
    get(target, member, receiver): unknown {
      if (typeof member === 'string' && !(member in target) && !askedOfAnything.has(member)) {
        throw new Error(`the double of Electron has no ${name}.${member}`);
      }
      return Reflect.get(target, member, receiver);
    },
  });
