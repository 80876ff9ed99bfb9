/** The computer as QEMU is told of it. */
import { join } from 'node:path';

export interface MachineOptions {
  readonly kernel: string;
  readonly initrd: string;
  /** Disks, the system's first; a change of it is kept in that file. */
  readonly disk: string;
  readonly packages: string;
  /** A folder for its sockets and what its console says. */
  readonly work: string;
  /** A third disk: a file, or the socket at which one is served. */
  readonly data?: { readonly file: string } | { readonly socket: string };
  /** Goes on where a machine of the same disks was when it was saved to this file, instead of booting. */
  readonly saved?: string;
}

const megabytes = 2_048;
const processors = 2;

const dataDisk = ({ data }: MachineOptions): readonly string[] => {
  if (data === undefined) return [];
  const from =
    'file' in data
      ? `driver=raw,file.driver=file,file.filename=${data.file}`
      : `driver=nbd,server.type=unix,server.path=${data.socket}`;
  return ['-blockdev', `${from},node-name=data`, '-device', 'virtio-blk-pci,drive=data,addr=0x1e'];
};

export const argumentsOf = (options: MachineOptions): readonly string[] => [
  ...['-nodefaults', '-no-user-config', '-display', 'none'],
  ...['-accel', 'tcg,thread=multi,tb-size=512', '-cpu', 'max', '-smp', String(processors)],
  ...['-m', String(megabytes), '-kernel', options.kernel, '-initrd', options.initrd],
  ...['-append', 'root=/dev/vda rw console=ttyS0 panic=-1 quiet'],
  ...['-rtc', 'base=utc'],
  // What the system has told the disk to keep lies in this computer's memory, which outlives QEMU: only its own is lost.
  ...['-drive', `file=${options.disk},if=virtio,cache=writeback`],
  ...['-drive', `file=${options.packages},if=virtio,format=raw,readonly=on`],
  ...dataDisk(options),
  // Its number is another one at each start: a kernel that goes on from a file then has other random numbers than the last time.
  ...['-device', 'vmgenid,guid=auto'],
  ...['-device', 'virtio-vga', '-device', 'virtio-keyboard-pci', '-device', 'virtio-tablet-pci'],
  ...['-device', 'virtio-rng-pci', '-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net,id=nic'],
  ...['-device', 'virtio-serial-pci', '-serial', `file:${join(options.work, 'console')}`],
  ...['-chardev', `socket,id=shell,path=${join(options.work, 'shell')},server=on,wait=off`],
  ...['-device', 'virtserialport,chardev=shell,name=shell'],
  ...['-chardev', `socket,id=ledger,path=${join(options.work, 'ledger')},server=on,wait=off`],
  ...['-device', 'virtserialport,chardev=ledger,name=ledger'],
  ...(options.saved === undefined ? [] : ['-incoming', `exec:cat '${options.saved}'`]),
  ...['-qmp', `unix:${join(options.work, 'qmp')},server=on,wait=off`],
];
