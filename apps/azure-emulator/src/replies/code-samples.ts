const SAMPLES: Record<string, string> = {
  python: `def running_mean(numbers: list[float], width: int) -> list[float]:
    """Mean of each window of \`width\` neighbours."""
    windows = (numbers[i : i + width] for i in range(len(numbers) - width + 1))
    return [sum(window) / width for window in windows]


print(running_mean([1, 2, 3, 4, 5], width=2))  # [1.5, 2.5, 3.5, 4.5]`,
  typescript: `export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}`,
  sql: `SELECT department, count(*) AS people, round(avg(tokens)) AS average_tokens
FROM usage_days
JOIN users ON users.id = usage_days.user_id
WHERE day >= current_date - interval '30 days'
GROUP BY department
ORDER BY average_tokens DESC;`,
  bash: `#!/usr/bin/env bash
set -euo pipefail

for file in *.log; do
  gzip --keep "$file" && echo "packed $file"
done`,
  rust: `fn longest<'a>(left: &'a str, right: &'a str) -> &'a str {
    if left.len() >= right.len() { left } else { right }
}`,
};

const ALIASES: Record<string, string> = {
  javascript: 'typescript',
  js: 'typescript',
  ts: 'typescript',
  shell: 'bash',
};

/** In the languages that are named, or one in two. */
export function codeIn(text: string): string {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  const named = words.map((word) => ALIASES[word] ?? word).filter((word) => Object.hasOwn(SAMPLES, word));
  const languages = named.length > 0 ? [...new Set(named)] : ['python', 'typescript'];
  const blocks = languages.map((language) => `\`\`\`${language}\n${SAMPLES[language]}\n\`\`\``);
  return [
    'Here is something to start from:',
    ...blocks,
    'Change the names to yours and try it on a small input first.',
  ].join('\n\n');
}
