/** The way from the machine to this computer: what the kiosk asks for on loopback is passed on, as a kiosk talks plain HTTP to nobody else. */
import type { Machine } from './machine.ts';

/** Where QEMU's own network shows this computer. */
const host = '10.0.2.2';
const own = '10.0.2.15/24';

/** Gives the machine its address, and makes these ports of its loopback those of this computer. */
export const passOn = async (machine: Machine, ports: readonly number[]): Promise<void> => {
  const units = ports.flatMap((port) => [
    `printf '[Socket]\\nListenStream=127.0.0.1:${port}\\n[Install]\\nWantedBy=sockets.target\\n' > /etc/systemd/system/to-host-${port}.socket`,
    `printf '[Service]\\nExecStart=/lib/systemd/systemd-socket-proxyd ${host}:${port}\\n' > /etc/systemd/system/to-host-${port}.service`,
  ]);
  const network = [
    "printf '[Match]\\nType=ether\\n[Network]\\nAddress=" + own + "\\n' > /etc/systemd/network/wired.network",
    'systemctl enable --now systemd-networkd',
  ];
  const sockets = ports.map((port) => `to-host-${port}.socket`).join(' ');
  const all = [...network, ...units, 'systemctl daemon-reload', `systemctl enable --now ${sockets}`];
  await machine.order(all.join(' && '));
};
