//! The order in which people read labels: building 2 before building 10, 第二网格 before 第十网格.

const NUMERALS: [char; 10] = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

/// Sorts by the first number in a label, in digits or in Chinese up to 九十九, then by the label.
pub fn natural_key(label: &str) -> (u64, String) {
    (first_number(label).unwrap_or(u64::MAX), label.to_owned())
}

fn first_number(label: &str) -> Option<u64> {
    let is_part = |character: &char| character.is_ascii_digit() || NUMERALS.contains(character);
    let number: String = label
        .chars()
        .skip_while(|character| !is_part(character))
        .take_while(is_part)
        .collect();
    number.parse().ok().or_else(|| chinese(&number))
}

/// 三, 十, 十二, 二十, 二十三.
fn chinese(text: &str) -> Option<u64> {
    match text.split_once('十') {
        Some((tens, ones)) => Some(digit(tens, 1)? * 10 + digit(ones, 0)?),
        None => digit(text, u64::MAX),
    }
}

/// One numeral's value; `absent` where there is none.
fn digit(text: &str, absent: u64) -> Option<u64> {
    let mut characters = text.chars();
    let Some(first) = characters.next() else {
        return Some(absent);
    };
    let place = NUMERALS.iter().position(|numeral| *numeral == first)?;
    characters.next().is_none().then_some(place as u64 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_sort_as_people_read_them() {
        let sorted = ["1", "2", "3号楼", "10", "101", "甲"];
        assert_eq!(in_order(&["10", "甲", "3号楼", "101", "2", "1"]), sorted);
        let sorted = [
            "第一网格",
            "第二网格",
            "第九网格",
            "第十网格",
            "第十一网格",
            "第二十网格",
            "第二十三网格",
        ];
        let mut mixed = sorted;
        mixed.reverse();
        assert_eq!(in_order(&mixed), sorted);
    }

    fn in_order<'a>(labels: &[&'a str]) -> Vec<&'a str> {
        let mut labels = labels.to_vec();
        labels.sort_by_key(|label| natural_key(label));
        labels
    }
}
