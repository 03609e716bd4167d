//! Seeds that once broke a promise. They are tried before all others.

/// The seeds, one to a line, with why each is here.
const LINES: &str = include_str!("../corpus.txt");

/// The seeds and their reasons.
pub fn seeds() -> impl Iterator<Item = (u64, &'static str)> {
    LINES.lines().filter_map(|line| {
        let (seed, why) = line.split_once(' ')?;
        Some((seed.parse().ok()?, why))
    })
}
