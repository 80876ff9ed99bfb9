/** The scheme and origin under which the desktop host serves its one page. */
export const pageScheme = 'app';
export const pageOrigin = `${pageScheme}://kiosk`;
export const pageUrl = `${pageOrigin}/`;
