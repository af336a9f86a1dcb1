/** It cannot be done; the message says why and what to do. Nothing was changed. */
export class AdministrationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AdministrationError';
  }
}
