/** A count with its thousands apart; without Intl, for the reason given at `localTime`. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}
