/** Widest and highest that browsers draw a picture, pixels. */
const MOST_PIXELS = 8192;

/** Hands a file to the reader. */
export function download(name: string, file: Blob): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function svgFile(svg: string): Blob {
  return new Blob([svg], { type: 'image/svg+xml;charset=utf-8' });
}

/** How much larger than the SVG a PNG of it is: sharp, but within what browsers can. */
export function pngScale(width: number, height: number): number {
  return Math.min(2, MOST_PIXELS / width, MOST_PIXELS / height);
}

/**
 * Draws an SVG document into a PNG.
 * @throws Error when the browser cannot draw it
 */
export async function pngFile(svg: string): Promise<Blob> {
  const image = new Image();
  const loaded = new Promise<void>((resolve, reject) => {
    image.onload = () => resolve();
    image.onerror = () => reject(new Error('The browser cannot draw the SVG'));
  });
  // A data address: policies that forbid blob pictures allow it.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await loaded;
  const scale = pngScale(image.width, image.height);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser has no canvas to draw on');
  context.scale(scale, scale);
  context.drawImage(image, 0, 0);
  return await new Promise((resolve, reject) =>
    canvas.toBlob(
      blob =>
        blob ? resolve(blob) : reject(new Error('The picture is too large')),
      'image/png',
    ),
  );
}
