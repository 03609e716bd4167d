//! Days and times of day in the community's time zone (UTC+8, no summer time).

use crate::chance::Chance;

/// One day in milliseconds.
pub const DAY: i64 = 86_400_000;
/// One minute in milliseconds.
pub const MINUTE: i64 = 60_000;
const ZONE: i64 = 8 * 60 * MINUTE;

/// The number of the local day at a moment, counted from 1970.
pub fn day_of(time_ms: i64) -> i64 {
    (time_ms + ZONE).div_euclid(DAY)
}

/// The moment of a minute of a local day.
pub fn moment(day: i64, minute: i64) -> i64 {
    day * DAY + minute * MINUTE - ZONE
}

/// The minute of the local day, 0 to 1439.
pub fn minute_of_day(time_ms: i64) -> i64 {
    (time_ms + ZONE).rem_euclid(DAY) / MINUTE
}

/// Whether people are likelier to be at home than at work.
pub fn is_evening(time_ms: i64) -> bool {
    minute_of_day(time_ms) >= 18 * 60
}

/// The year of a moment by the local calendar.
pub fn year_of(time_ms: i64) -> i64 {
    // 400 years of the Gregorian calendar have 146,097 days; counting from a
    // year that begins in March puts the leap day last.
    let days = day_of(time_ms) + 719_468;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    era * 400 + year + i64::from(day_of_year >= 306)
}

/// The minute at which somebody sets out: mornings, afternoons, and evenings
/// when working people are home.
pub fn setting_out(chance: &mut Chance) -> i64 {
    let (from, to) = chance.weighted(&[
        (34, (9 * 60, 10 * 60 + 30)),
        (34, (14 * 60 + 30, 16 * 60 + 30)),
        (32, (18 * 60 + 30, 19 * 60 + 30)),
    ]);
    chance.between(from, to)
}

/// A working day near `day`: Sundays move to the Monday after.
pub fn working_day(day: i64) -> i64 {
    // Day 3 after 1970-01-01, a Thursday, was a Sunday.
    if day.rem_euclid(7) == 3 { day + 1 } else { day }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_turn_at_local_midnight() {
        let new_year_2026 = 1_767_196_800_000; // 2026-01-01T00:00+08:00
        assert_eq!(year_of(new_year_2026), 2026);
        assert_eq!(year_of(new_year_2026 - 1), 2025);
        assert_eq!(year_of(951_782_400_000), 2000); // 2000-02-29
        assert_eq!(minute_of_day(new_year_2026), 0);
    }
}
