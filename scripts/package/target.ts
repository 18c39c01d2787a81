/** The machines that packages are made for, and the Node runtime of each. */

export interface Target {
  /** As npm names platforms. */
  readonly name: 'linux-x64' | 'linux-arm64';
  readonly cpu: 'x64' | 'arm64';
  /** As Debian names it (dpkg-architecture). */
  readonly debian: 'amd64' | 'arm64';
  /** As `uname -m` names it. */
  readonly machine: 'x86_64' | 'aarch64';
  /**
   * Of the npm package of this version that holds Node for this platform. The package `node` fetches it at its own installation,
   * past the lock file, so it is pinned here.
   */
  readonly node: { readonly version: string; readonly integrity: string };
}

export const TARGETS: readonly Target[] = [
  {
    name: 'linux-x64',
    cpu: 'x64',
    debian: 'amd64',
    machine: 'x86_64',
    node: {
      version: '24.21.0',
      integrity:
        'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    },
  },
  {
    name: 'linux-arm64',
    cpu: 'arm64',
    debian: 'arm64',
    machine: 'aarch64',
    node: {
      version: '24.21.0',
      integrity:
        'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    },
  },
];
