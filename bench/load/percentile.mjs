/** The smallest value that at least this share (0–1) of them does not exceed: nearest rank. @returns NaN of nothing */
export function percentile(sorted, share) {
  if (sorted.length === 0) return NaN;
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

export const ascending = (values) => [...values].sort((a, b) => a - b);
