/** Something the person at the keyboard can mend: printed as it is, exit code 1. */
export class StopSentence extends Error {}
