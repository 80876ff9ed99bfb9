/** What is used of Electron's `app`. */
export interface ClientCertificateApp {
  on(
    event: 'select-client-certificate',
    listener: (
      event: { preventDefault(): void },
      contents: unknown,
      url: string,
      certificates: readonly unknown[],
      callback: () => void,
    ) => void,
  ): unknown;
}

/** Offers no client certificate: left alone, the engine would send the machine's first one to whoever asks. */
export const offerNoClientCertificate = (app: ClientCertificateApp): void => {
  app.on('select-client-certificate', (event, _contents, _url, _certificates, callback) => {
    event.preventDefault();
    callback();
  });
};
