// Municipalities of the demonstration network that tests and measurements write in.

/** Has an example text: three Leitlinien with points. */
export const EXAMPLE = '05566';
/** Has no text. */
export const EMPTY = '05554';
