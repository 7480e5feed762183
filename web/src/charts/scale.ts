// Numbers to places. The same rules as the report's charts.

// The round number at or above a value, from which an axis ends well.
export function niceTop(value: number): number {
    if (!(value > 0)) return 1;
    const unit = 10 ** Math.floor(Math.log10(value));
    for (const step of [1, 1.5, 2, 3, 4, 5, 6, 8, 10]) if (value <= step * unit * (1 + 1e-9)) return step * unit;
    return 10 * unit;
}

export const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
export const known = (value: number | null | undefined): value is number => value !== null && value !== undefined && Number.isFinite(value);

// Quantiles of a forecast stand at these probabilities.
const kProbabilities = [0.005, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.975, 0.995];
export const quantile = (quantiles: number[], probability: number) => quantiles[kProbabilities.indexOf(probability)] ?? NaN;

// Five classes with round breaks over the values; fewer when the values are fewer. Breaks are between classes.
export function classes(values: number[], count = 5): number[] {
    const sorted = values.filter(known).sort((a, b) => a - b);
    if (sorted.length === 0) return [];
    const low = sorted[0]!, high = sorted.at(-1)!;
    if (high - low < 1e-12) return [];
    const skewed = low > 0 && high / low > 20;
    const out: number[] = [];
    for (let i = 1; i < count; ++i) {
        const at = skewed ? Math.exp(Math.log(low) + ((Math.log(high) - Math.log(low)) * i) / count) : low + ((high - low) * i) / count;
        const unit = 10 ** (Math.floor(Math.log10(skewed ? at : high - low)) - 1), round = Math.round(at / unit) * unit;
        const neat = Number(round.toPrecision(6));
        if (neat > low && neat <= high && neat !== out.at(-1)) out.push(neat);
    }
    return out;
}
export const classOf = (value: number, breaks: number[]) => breaks.filter(each => value >= each).length;

// Years or months to label: about `count`, evenly.
export function labelled(length: number, count: number): number[] {
    const step = Math.max(1, Math.ceil(length / Math.max(1, count)));
    return Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);
}
