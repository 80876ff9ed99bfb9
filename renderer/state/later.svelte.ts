/** Parts of the page that are no part of its first load: they come when they are needed, or once the page has nothing to do. */
import type { Component } from 'svelte';
import type { AppError } from '#shared/errors/app-error.ts';
import { createReloadOnce } from './reload-once.ts';

/** What is said where it has not come though the page was loaded anew. */
export const partMissing: AppError = { code: 'page.incomplete', params: {} };

const reloadOnce = createReloadOnce({ storage: sessionStorage, reload: () => location.reload() });

/**
 * Tells `ondone` once `load` has brought what it brings. Where that cannot be had, the files of the page were changed under it, and the
 * page is loaded anew; `onmissing` where that did not help. Neither is told once the returned function was called.
 */
export const bring = (load: () => Promise<void>, ondone: () => void, onmissing: () => void): (() => void) => {
  let wanted = true;
  load().then(
    () => {
      if (wanted) ondone();
    },
    () => {
      if (wanted && !reloadOnce.reload()) onmissing();
    },
  );
  return () => (wanted = false);
};

/** A component, whatever it is given. */
export type PagePart = Component<never>;

export interface LatePart<P extends PagePart> {
  /** Null until it has come. */
  readonly component: P | null;
  readonly load: () => Promise<void>;
}

/** `load` is an `import()` of a component. */
export const createPart = <P extends PagePart>(load: () => Promise<{ readonly default: P }>): LatePart<P> => {
  let component = $state.raw<P | null>(null);
  return {
    get component() {
      return component;
    },
    load: async () => {
      component ??= (await load()).default;
    },
  };
};

/** Brings one after the other; with the last, the page has all that it is made of. One that does not come is for whoever needs it. */
export function* bringAll(loads: readonly (() => Promise<void>)[]): Generator<void, void> {
  const brought: Promise<boolean>[] = [];
  for (const load of loads) {
    brought.push(
      load().then(
        () => true,
        () => false,
      ),
    );
    yield;
  }
  void Promise.all(brought).then((all) => {
    if (!all.includes(false)) reloadOnce.whole();
  });
}
