export interface Flagged {
  category: 'hate' | 'self_harm' | 'sexual' | 'violence';
  severity: 'low' | 'medium' | 'high';
}

/** Azure judges every prompt and every piece of an answer; without anything flagged all is safe. */
export function filterResults(flagged?: Flagged) {
  const judge = (category: Flagged['category']) =>
    flagged?.category === category
      ? { filtered: true, severity: flagged.severity }
      : { filtered: false, severity: 'safe' };
  return {
    hate: judge('hate'),
    self_harm: judge('self_harm'),
    sexual: judge('sexual'),
    violence: judge('violence'),
  };
}

export function promptFilterResults() {
  const content_filter_results = { ...filterResults(), jailbreak: { filtered: false, detected: false } };
  return [{ prompt_index: 0, content_filter_results }];
}
