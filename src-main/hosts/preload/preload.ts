import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from '../../contract/bridge';
import { methodNames } from '../../contract/method-names';
import { channels } from './channels';

const ask = (name: string) => [
  name,
  (params: unknown): unknown => ipcRenderer.invoke(channels.ask, name, params),
];

/** The page gets functions by name: no channel to choose, nothing of Electron, never an event with its sender. */
const bridge: Bridge = {
  ask: Object.fromEntries(methodNames.map(ask)) as Bridge['ask'],
  onPush: (listener) => {
    ipcRenderer.on(channels.push, (_event, push: unknown) => {
      listener(push);
    });
  },
};

contextBridge.exposeInMainWorld('twinspark', bridge);
