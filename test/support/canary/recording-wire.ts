/** A cable between the kiosk and its backend that keeps every byte of both directions. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface RecordingWire {
  readonly port: number;
  /** All bytes so far. */
  recorded(): Buffer;
  dispose(): Promise<void>;
}

export const createRecordingWire = async (targetPort: number): Promise<RecordingWire> => {
  const chunks: Buffer[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', () => sockets.delete(socket));
    // A reset ends the pair; the close event that follows does the work.
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port: targetPort });
    keep(near);
    keep(far);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    recorded: () => Buffer.concat(chunks),
    dispose: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};
