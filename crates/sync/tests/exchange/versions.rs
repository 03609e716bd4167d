//! Phones and offices of different versions.

use crate::office::Office;
use crate::phone::{CLOCK_MS, Phone, document};

#[test]
fn a_new_phone_and_an_old_office_understand_each_other_in_the_old_version() {
    let mut office = Office::new();
    office.version = 1;
    let mut phone = Phone::worker(1, &office);
    phone.visit(1, "新手机，旧平台");
    let newest = phone.replica.request(CLOCK_MS);
    assert_eq!(office.exchange(&phone.member, &newest.body), None);
    phone.replica.speak(1);
    phone.settle(&mut office);
    phone.assert_same_as(&office);
    // The office is replaced, and the phone goes on in the new version.
    office.version = 2;
    phone.replica.speak(2);
    phone.visit(2, "都是新的");
    phone.settle(&mut office);
    phone.assert_same_as(&office);
    assert_eq!(office.note_of(document(1)), "新手机，旧平台");
}

#[test]
fn a_phone_that_changes_its_version_half_way_through_the_first_walk_ends_with_everything() {
    for versions in [[1, 2], [2, 1]] {
        let mut office = Office::new();
        office.page_bytes = 500;
        let mut old = Phone::worker(1, &office);
        for number in 1..=100 {
            old.visit(number, &format!("第{number}户"));
        }
        old.settle(&mut office);
        let mut phone = Phone::worker(2, &office);
        phone.replica.speak(versions[0]);
        phone.exchange(&mut office);
        assert!(phone.replica.has_more_to_say());
        phone.replica.speak(versions[1]);
        phone.settle(&mut office);
        phone.assert_same_as(&office);
        assert_eq!(phone.replica.documents().count(), 100);
    }
}
