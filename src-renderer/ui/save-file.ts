/** Hands data to the person as a file, where their browser or desktop keeps downloads. */
export function saveFile(name: string, data: Blob): void {
  const address = URL.createObjectURL(data);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has its own hold on the data once it has been asked for.
  URL.revokeObjectURL(address);
}

/** As {@link saveFile}, for a text. */
export function saveText(name: string, ...parts: readonly string[]): void {
  saveFile(name, new Blob([...parts], { type: 'text/plain;charset=utf-8' }));
}
