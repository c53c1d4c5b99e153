import { newId } from './new-id.ts';

const hex = (id: string): string => id.replaceAll('-', '');

/**
 * A W3C `traceparent`, so that the server's traces begin with what was clicked. @param action what several calls belong
 * to: those with the same id are one trace. Its last digits say that nothing was recorded here.
 */
export const traceparent = (action: string = newId()): string =>
  `00-${hex(action)}-${hex(newId()).slice(16)}-00`;
