import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { validateSchema } from 'app-builder-lib/out/util/config/schemaValidator.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = path.resolve(import.meta.dirname, '../../../..');
const read = (file: string) => readFile(path.join(root, file));
const config = parse((await read('electron-builder.yml')).toString('utf8')) as Record<string, object>;
const schema = JSON.parse(
  (await read('node_modules/app-builder-lib/scheme.json')).toString('utf8'),
) as unknown;

describe('the packaging', () => {
  it('is what electron-builder takes', { timeout: 60_000 }, () => {
    expect(() => validateSchema(schema, config)).not.toThrow();
    // The schema does find a slip of the pen.
    const slip = { ...config, electronFuses: { runAsnode: false }, asarunpack: [] };
    expect(() => validateSchema(schema, slip)).toThrow(
      /electronFuses[\s\S]*asarunpack|asarunpack[\s\S]*electronFuses/,
    );
  });

  it('sets every fuse there is, each to its strict side', () => {
    expect(config['electronFuses']).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
    const known = (schema as { definitions: { FuseOptionsV1: { properties: object } } }).definitions
      .FuseOptionsV1;
    const left = Object.keys(known.properties).filter((name) => !(name in (config['electronFuses'] ?? {})));
    // Signs again on a Mac without an identity; electron-builder signs after the fuses are set.
    expect(left).toEqual(['resetAdHocDarwinSignature']);
  });

  it('packs an archive, with only what the system has to open outside', () => {
    expect(config).toMatchObject({ asar: true, asarUnpack: ['node_modules/node-pty/**'], npmRebuild: false });
  });

  it('starts no package without the sandbox', () => {
    expect(config['linux']).toMatchObject({ executableArgs: [] });
    expect(JSON.stringify(config)).not.toContain('no-sandbox');
  });

  it('asks macOS for no more than running compiled code', async () => {
    const entitlements = (await read('resources/icons/entitlements.mac.plist')).toString('utf8');
    const keys = [...entitlements.matchAll(/<key>(.*)<\/key>/g)].map(([, key]) => key);
    expect(keys).toEqual(['com.apple.security.cs.allow-jit']);
    expect(config['mac']).toMatchObject({ hardenedRuntime: true });
  });
});

describe('the icons', () => {
  const pngSize = (png: Uint8Array) => {
    const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
    expect(view.getUint32(0)).toBe(0x89504e47);
    return [view.getUint32(16), view.getUint32(20)];
  };

  it.each([16, 32, 48, 64, 128, 256, 512, 1024])('has a picture of %d pixels', async (size) => {
    expect(pngSize(await read(`resources/icons/png/${size}x${size}.png`))).toEqual([size, size]);
  });

  it('come as what Windows reads', async () => {
    const ico = await read('resources/icons/icon.ico');
    const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_none, index) => {
      const at = 6 + 16 * index;
      const start = ico.readUInt32LE(at + 12);
      const [width] = pngSize(ico.subarray(start, start + ico.readUInt32LE(at + 8)));
      expect(ico.readUInt8(at)).toBe((width ?? 0) % 256);
      return width;
    });
    expect(sizes).toEqual([16, 32, 48, 64, 128, 256]);
  });

  it('come as what macOS reads', async () => {
    const icns = await read('resources/icons/icon.icns');
    expect(icns.toString('latin1', 0, 4)).toBe('icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    const sizes: Record<string, number | undefined> = {};
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      const [width] = pngSize(icns.subarray(at + 8, at + icns.readUInt32BE(at + 4)));
      sizes[icns.toString('latin1', at, at + 4)] = width;
    }
    expect(sizes).toEqual({
      ic11: 32,
      ic12: 64,
      ic07: 128,
      ic13: 256,
      ic08: 256,
      ic14: 512,
      ic09: 512,
      ic10: 1024,
    });
  });
});
