/** What every host tells the engine about the page, whether it serves it over `app://` or over loopback HTTP. */

/**
 * The page's Content Security Policy: its own script and style sheet, nothing inline, no eval, no frame, no form, and every
 * string that becomes markup goes through the one policy that Svelte's compiler makes.
 */
export const contentSecurityPolicy = (connectTo: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connectTo}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types svelte-trusted-html',
  ].join('; ');

/** Features of the engine that the page never uses; the sounds it makes are its own. */
const deniedFeatures = [
  'accelerometer',
  'bluetooth',
  'camera',
  'clipboard-read',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
];

/** `connectTo`: the sources of `connect-src` ("'self'", "'none'"). */
export const pageHeaders = (connectTo: string): Readonly<Record<string, string>> => ({
  'content-security-policy': contentSecurityPolicy(connectTo),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': deniedFeatures.map((feature) => `${feature}=()`).join(', '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
});
