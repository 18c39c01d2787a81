/** How sizes and hashes are shown. */

export function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function shortHash(sha256: string): string {
  return `${sha256.slice(0, 12)}…`;
}
