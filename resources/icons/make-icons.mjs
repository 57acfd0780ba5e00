// Draws icon.svg in all the sizes and containers that the systems want: `node resources/icons/make-icons.mjs`.
// Needs a Chromium: the one that CHROMIUM names, else /usr/bin/chromium.
import { chromium } from '@playwright/test';
import { Buffer } from 'node:buffer';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const folder = import.meta.dirname;
const svg = readFileSync(path.join(folder, 'icon.svg'), 'utf8');
const sizes = [16, 32, 48, 64, 128, 256, 512, 1024];
const drawn = await draw();

mkdirSync(path.join(folder, 'png'), { recursive: true });
for (const [size, png] of drawn) writeFileSync(path.join(folder, 'png', `${size}x${size}.png`), png);
writeFileSync(path.join(folder, 'icon.ico'), ico([16, 32, 48, 64, 128, 256]));
writeFileSync(
  path.join(folder, 'icon.icns'),
  icns({ ic11: 32, ic12: 64, ic07: 128, ic13: 256, ic08: 256, ic14: 512, ic09: 512, ic10: 1024 }),
);

async function draw() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
  const page = await browser.newPage();
  const pictures = new Map();
  for (const size of sizes) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<style>*{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`);
    pictures.set(size, await page.screenshot({ omitBackground: true }));
  }
  await browser.close();
  return pictures;
}

/** Windows: a directory of PNG pictures (https://learn.microsoft.com/en-us/previous-versions/ms997538(v=msdn.10)). */
function ico(wanted) {
  const head = Buffer.alloc(6 + 16 * wanted.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(wanted.length, 4);
  let offset = head.length;
  wanted.forEach((size, index) => {
    const at = 6 + 16 * index;
    const { length } = drawn.get(size);
    head.writeUInt8(size % 256, at); // 0 stands for 256.
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += length;
  });
  return Buffer.concat([head, ...wanted.map((size) => drawn.get(size))]);
}

/** macOS: a list of PNG pictures by type (https://en.wikipedia.org/wiki/Apple_Icon_Image_format). */
function icns(types) {
  const chunk = (type, body) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(8 + body.length, 4);
    return Buffer.concat([head, body]);
  };
  const pictures = Object.entries(types).map(([type, size]) => chunk(type, drawn.get(size)));
  return chunk('icns', Buffer.concat(pictures));
}
