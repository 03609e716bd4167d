//! Chinese numerals as they stand in addresses: 一 to 九百九十九.

/// The number that a numeral names, from 1 to 999; ASCII digits count too.
pub fn chinese_number(text: &str) -> Option<i64> {
    if text.is_empty() || text.chars().count() > 6 {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().filter(|number| *number > 0);
    }
    let (hundreds, rest) = match text.split_once('百') {
        Some((hundreds, rest)) => (digit(hundreds)?, rest),
        None => (0, text),
    };
    let (tens, ones) = match rest.split_once('十') {
        // 十二 names no digit before its ten; 一百一十二 does.
        Some(("", ones)) => (1, ones),
        Some((tens, ones)) => (digit(tens)?, ones),
        None => (0, rest.strip_prefix('零').unwrap_or(rest)),
    };
    let ones = if ones.is_empty() { 0 } else { digit(ones)? };
    Some(hundreds * 100 + tens * 10 + ones).filter(|number| *number > 0)
}

fn digit(text: &str) -> Option<i64> {
    Some(match text {
        "一" => 1,
        "二" | "两" => 2,
        "三" => 3,
        "四" => 4,
        "五" => 5,
        "六" => 6,
        "七" => 7,
        "八" => 8,
        "九" => 9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_up_to_hundreds_are_understood() {
        let cases = [
            ("一", Some(1)),
            ("十", Some(10)),
            ("十二", Some(12)),
            ("二十", Some(20)),
            ("二十三", Some(23)),
            ("一百", Some(100)),
            ("一百零五", Some(105)),
            ("一百一十二", Some(112)),
            ("12", Some(12)),
            ("007", Some(7)),
            ("", None),
            ("0", None),
            ("甲", None),
            ("十十", None),
            ("东一", None),
        ];
        for (numeral, number) in cases {
            assert_eq!(chinese_number(numeral), number, "{numeral}");
        }
    }
}
