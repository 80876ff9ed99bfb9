/** One step of the smoke story: a thing that has to be true. */
export interface StoryStep {
  readonly name: string;
  run(): Promise<void>;
}

export const expect = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};
