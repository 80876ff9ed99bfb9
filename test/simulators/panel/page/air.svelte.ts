/** The panel's line to the simulated store: its state as it changes, and the actions that change it. */
import { z } from 'zod';
import { panelStateSchema, type PanelAction, type PanelState } from '../contract.ts';

export interface Air {
  /** null until the first state has come. */
  readonly state: PanelState | null;
  readonly connected: boolean;
  /** What the last action was refused for; null when it was carried out. */
  readonly problem: string | null;
  readonly act: (action: PanelAction) => void;
  dispose(): void;
}

const refusalSchema = z.object({ problem: z.string() });

const send = async (action: PanelAction): Promise<string | null> => {
  try {
    const response = await fetch('/api/actions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(action),
    });
    return response.ok ? null : refusalSchema.parse(await response.json()).problem;
  } catch {
    return 'The simulated store does not answer.';
  }
};

export const createAir = (): Air => {
  let state = $state.raw<PanelState | null>(null);
  let connected = $state(false);
  let problem = $state<string | null>(null);
  const events = new EventSource('/api/events');
  events.addEventListener('open', () => (connected = true));
  events.addEventListener('error', () => (connected = false));
  events.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const parsed = panelStateSchema.safeParse(JSON.parse(data));
    if (parsed.success) state = parsed.data;
  });
  return {
    get state() {
      return state;
    },
    get connected() {
      return connected;
    },
    get problem() {
      return problem;
    },
    act: (action) => {
      void send(action).then((said) => {
        problem = said;
      });
    },
    dispose: () => events.close(),
  };
};
