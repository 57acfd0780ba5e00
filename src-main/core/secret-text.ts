/**
 * Settings whose value is a secret in netplan, NetworkManager and wpa_supplicant files; wide on purpose.
 * An extended regular expression of POSIX and of JavaScript alike.
 */
const names =
  '[a-z0-9_.+/=-]*(pass(word|wd|phrase)?|psk|secrets?|token|private-key|preshared-key|wep-key[0-9]?)|vpn-secrets[.][^:=]*|auth|key|private|shared|(gsm[.])?pin';

/** For `grep -Ei`: a line that gives one of them a value, or holds a private key. */
export const secretPattern = `(^|[[:space:]{,"'])(${names})["']?[[:space:]]*[:=]|PRIVATE KEY-----`;

const text = new RegExp(secretPattern.replaceAll('[:space:]', '\\s'), 'im');
const name = new RegExp(`(^|\\s)(${names})$`, 'i');

/** Whether a text seems to give a secret away, as {@link secretPattern} sees it. */
export function looksSecret(value: string): boolean {
  return text.test(value);
}

/** Whether a setting of this name holds a secret. */
export function isSecretName(value: string): boolean {
  return name.test(value);
}
