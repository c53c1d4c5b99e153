/** Whatever came over the wire: a test looks into it and says what it expects there. */
// oxlint-disable-next-line typescript/no-explicit-any -- unknown would make each look a cast
export type Wire = any;
