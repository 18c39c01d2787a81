/** Once the new page can be had: a browser that cannot load it would stand on its own error page for good. */
export async function reloadWhenThere(): Promise<void> {
  const answer = await fetch(location.href, { cache: 'no-store' }).catch(() => null);
  if (answer?.ok) location.reload();
}
