import { describe, expect, it } from 'vitest';
import css from './tokens.css?raw';

const tokensOf = (set: 'light' | 'dark' | 'contrast'): Map<string, string> => {
  const [base = '', contrast = ''] = css.split(":root[data-theme='contrast']");
  const pairs = [...base.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)];
  const tokens = new Map(
    pairs.map(([, name = '', light = '', dark = '']) => [name, set === 'light' ? light : dark]),
  );
  if (set === 'contrast') {
    for (const [, name = '', value = ''] of contrast.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g))
      tokens.set(name, value);
  }
  return tokens;
};

/** Relative luminance and contrast ratio as WCAG 2.2 defines them. */
const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (a: string, b: string): number => {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};

describe.each(['light', 'dark', 'contrast'] as const)('the %s set', (set) => {
  const tokens = tokensOf(set);
  const of = (name: string): string => tokens.get(name) ?? '';
  const grounds = ['paper', 'surface', 'sunken'];

  it.each(['ink', 'muted', 'accent', 'open', 'refused', 'unknown', 'warn'])(
    '%s can be read on every ground',
    (text) => {
      for (const ground of grounds)
        expect(ratio(of(text), of(ground)), `on ${ground}`).toBeGreaterThanOrEqual(7);
    },
  );

  it('what can be tapped can be read', () => {
    expect(ratio(of('on-accent'), of('accent'))).toBeGreaterThanOrEqual(7);
  });

  it('edges of controls can be seen', () => {
    for (const ground of grounds)
      expect(ratio(of('edge'), of(ground)), `on ${ground}`).toBeGreaterThanOrEqual(3);
  });
});
