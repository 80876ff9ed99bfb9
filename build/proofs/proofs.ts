/** What only somebody who has the missing part can see: by part, each proof with what to do and what has to be seen. */

export interface Proof {
  /** Stays the same for ever: docs/proven.md refers to it. */
  readonly id: string;
  /** What to do, one step a line. */
  readonly steps: readonly string[];
  /** What has to be seen. */
  readonly expected: string;
  /** Runs by itself; its code decides. */
  readonly command?: readonly string[];
}

export interface ProofPart {
  readonly title: string;
  /** What has to be there, and what is asked for so that the record says on what it was seen. */
  readonly needs: string;
  readonly model: string;
  readonly proofs: readonly Proof[];
}

export const proofParts = {
  electron: {
    title: 'Electron',
    needs: 'an Electron of the version in package.json, Linux, an ordinary user',
    model: 'Electron’s version and where it came from',
    proofs: [
      {
        id: 'electron-story',
        steps: ['npm run test:electron'],
        expected: 'every line begins with "held"',
        command: ['npm', 'run', 'test:electron'],
      },
      {
        id: 'electron-window',
        steps: [
          'npm run build, then start the kiosk on a screen with LATCHPOINT_KIOSK=1 (docs/it-guide.md, "Configure")',
          'try Alt+F4, Ctrl+W, F11, Ctrl+Shift+I, Ctrl with plus, two fingers apart on a touch screen',
          'take the screen’s plug out and put it back',
        ],
        expected: 'the page fills the screen, keeps its size, and nothing closes it or opens anything else',
      },
      {
        id: 'electron-secret-store',
        steps: [
          'start it in a desktop session with a keyring, without passphraseFile, and register it',
          'end it, start it again, and look at Health',
        ],
        expected: 'it is registered still, and Health names the system’s key store',
      },
    ],
  },
  dongle: {
    title: 'A dongle',
    needs: 'a Bluetooth LE adapter that no other program uses, Linux',
    model: 'the adapter’s maker and chip, as `lsusb` names it',
    proofs: [
      {
        id: 'dongle-check',
        steps: ['latchpoint check, as the kiosk’s account, with the dongle in'],
        expected: 'the line of the radio is ok',
      },
      {
        id: 'dongle-pulled',
        steps: [
          'start the kiosk, wait until Health says that the radio works',
          'pull the dongle; after ten seconds put it back',
        ],
        expected: 'no dongle is said within five seconds, and "works" within five seconds of its return',
      },
      {
        id: 'dongle-beside-bluetoothd',
        steps: ['start bluetoothd, and then the kiosk', 'leave both for ten minutes, discover something'],
        expected: 'the radio works all the time; the log has no restart of it',
      },
      {
        id: 'dongle-night',
        steps: [
          'let the kiosk run for a night with the dongle in',
          'look at the log and at Health in the morning',
        ],
        expected: 'the radio works; restarts in the log, if any, each with its reason',
      },
    ],
  },
  lock: {
    title: 'A LIVE Lock',
    needs: 'a lock with provisioning bit 0, its label, a dongle, a backend with the vendor’s key',
    model: 'the lock’s model and firmware as its label or Health has them',
    proofs: [
      {
        id: 'lock-discovered',
        steps: ['hang it within three metres of the kiosk', 'look at New locks'],
        expected: 'its serial number is that of its label, within five seconds',
      },
      {
        id: 'lock-enrolled',
        steps: ['scan its label, enrol it, wait for its key'],
        expected: 'it becomes ready, and a tile shows it',
      },
      {
        id: 'lock-opened',
        steps: [
          'open it ten times, the last one from eight metres',
          'take the time from the tap to the click',
        ],
        expected: 'it opens ten times of ten, and the kiosk says so each time; what each took',
      },
      {
        id: 'lock-refuses',
        steps: ['let the backend serve an intermediate that has expired (docs/backend.md)', 'open the lock'],
        expected: 'it stays shut, and the kiosk says why',
      },
      {
        id: 'lock-tampered',
        steps: ['force it open as its guide describes, with the kiosk in range'],
        expected: 'the kiosk raises the alarm, and the backend has it',
      },
      {
        id: 'lock-released',
        steps: ['remove it from the store at the kiosk'],
        expected: 'it is a new lock again: provisioning bit 0, discovered as new',
      },
    ],
  },
  api: {
    title: 'The vendor’s LIVE Lock API',
    needs: 'a key of the vendor’s for a test customer, and one lock of theirs that may be registered',
    model: 'the API’s address without its key, and the day',
    proofs: [
      {
        id: 'api-register',
        steps: [
          'start the backend with LIVE_LOCK_API_URL and LIVE_LOCK_API_KEY of the vendor (docs/backend.md)',
          'enrol the lock at a kiosk',
        ],
        expected: 'its Key Certificate arrives; the log has neither it nor the key',
      },
      {
        id: 'api-again',
        steps: ['register the same lock a second time, from another store'],
        expected: 'the backend tells that it is registered already, as docs/errors.md has it',
      },
      {
        id: 'api-wrong-key',
        steps: ['start the backend with a key whose last character is another'],
        expected:
          'the outbox says that the vendor refuses the key, goes on asking rarely, and nothing is lost',
      },
    ],
  },
  tpm: {
    title: 'A TPM',
    needs: 'a computer with a TPM 2.0 and Debian 12 or later, the Debian package',
    model: 'the TPM’s maker, as `systemd-cryptenroll --tpm2-device=list` names its driver, and the firmware',
    proofs: [
      {
        id: 'tpm-sealed',
        steps: [
          'install libtss2-esys, libtss2-rc0 and libtss2-mu, and run seal-passphrase.sh as docs/it-guide.md says',
          'register the kiosk, and start the computer anew twice',
        ],
        expected: 'it says "Sealed with host+tpm2", and the kiosk is registered after each start',
      },
      {
        id: 'tpm-other-computer',
        steps: ['put the disk into another computer with a TPM, and start it'],
        expected: 'the unit ends with 243, and no kiosk starts',
      },
    ],
  },
  windows: {
    title: 'Windows',
    needs: 'a machine with Windows 10 or 11 IoT Enterprise, x64, the packages of `npm run package`',
    model: 'Windows’ edition and build',
    proofs: [
      {
        id: 'windows-msi',
        steps: [
          'msiexec /i Latchpoint-VERSION.msi /qn as an administrator, then a newer one, then the older one',
          'msiexec /x Latchpoint-VERSION.msi /qn',
        ],
        expected: 'installed, updated, refused, removed; %ProgramData%\\Latchpoint stays',
      },
      {
        id: 'windows-nsis',
        steps: ['the same with Latchpoint-Setup-VERSION.exe /S and Uninstall.exe /S'],
        expected: 'as with the MSI, and each refuses beside the other',
      },
      {
        id: 'windows-lockdown',
        steps: [
          'windows\\lock-down.ps1 as docs/it-guide.md says, restart',
          'end Latchpoint.exe from afar, three times',
        ],
        expected:
          'the kiosk is the shell, and comes back each time; Ctrl+Alt+Del offers nothing that leads out',
      },
      {
        id: 'windows-radio',
        steps: ['discover, enrol and open a lock with the machine’s own Bluetooth'],
        expected: 'as on Linux; what it took from the tap to the click',
      },
      {
        id: 'windows-policy',
        steps: ['import latchpoint.admx, set BackendUrl by policy, start the kiosk'],
        expected: 'the log names the policy as where the setting came from',
      },
    ],
  },
  macos: {
    title: 'macOS',
    needs: 'a Mac with a current macOS, the project’s source',
    model: 'the Mac’s chip and macOS’ version',
    proofs: [
      {
        id: 'macos-start',
        steps: ['npm ci, npm start, open a lock on the page'],
        expected: 'the store starts, and the simulated lock opens',
      },
      {
        id: 'macos-radio',
        steps: ['start the desktop host without radio.h4, allow Bluetooth when asked', 'discover a lock'],
        expected: 'Health says that the radio works; a refusal of the permission is told as one',
      },
    ],
  },
} as const satisfies Readonly<Record<string, ProofPart>>;

export type PartName = keyof typeof proofParts;
export const partNames = Object.keys(proofParts) as readonly PartName[];
