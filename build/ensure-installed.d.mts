/** Ends the process with what has to be done about it. */
export declare const stop: (text: string) => never;
/** Whether what `package-lock.json` in `folder` names is installed there. */
export declare const isInstalled: (folder: string) => boolean;
/** Resolves once all is there; ends the process, in words, where that cannot be. */
export declare const ensureInstalled: (folder: string) => Promise<void>;
