/** The baseline of `start`: a process that says that it is ready. */
process.send?.({ type: 'ready' });
setInterval(() => undefined, 60_000);
