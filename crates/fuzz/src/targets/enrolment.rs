//! Enrolment: the body of the request, the code in it, and a token. Only the very
//! code enrols, once.

use std::cell::RefCell;
use std::sync::Arc;

use model::{FeedId, PersonId, Role, community_id};
use serde_json::Value;
use server::api::EnrolRequest;
use server::people::{CODE_LIFE_MS, CodeRefused, PersonRecord, Registry};
use store::MemoryStore;

use crate::{Target, mutate};

/// A JSON body. `{fresh}`, `{used}` and `{expired}` in it stand for codes that
/// are so; they come from chance and cannot be written down.
pub const TARGET: Target = Target {
    name: "enrolment",
    run,
    seeds,
    mutate: mutate::bytes,
    memory_bytes: 8 << 20,
    mutations: 4_000,
};

const NOW_MS: i64 = 1_763_800_000_000;
const PERSON: PersonId = PersonId::from_bytes([3; 16]);

struct Desk {
    people: Registry,
    fresh: String,
    used: String,
    expired: String,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::new(Desk::open());
}

impl Desk {
    fn open() -> Self {
        let people = Registry::open(Arc::new(MemoryStore::new()), NOW_MS).expect("an empty store");
        let person = PersonRecord {
            id: PERSON,
            name: "陈敏".into(),
            role: Role::GridWorker,
            community: community_id("蓝湖小区"),
            grids: vec![FeedId::from_bytes([9; 16])],
            added_at: NOW_MS,
        };
        people.put_person(person).expect("memory takes it");
        let code = |made_at| people.make_link(PERSON, made_at).expect("memory takes it");
        let (fresh, used, expired) = (code(NOW_MS), code(NOW_MS), code(NOW_MS - CODE_LIFE_MS - 1));
        let enrolled = people.enrol(&used, NOW_MS).expect("memory takes it");
        assert!(enrolled.is_ok());
        Self {
            people,
            fresh,
            used,
            expired,
        }
    }

    fn answer(&self, code: &str) -> Result<(), CodeRefused> {
        let enrolled = self.people.enrol(code, NOW_MS).expect("memory takes it");
        enrolled.map(|enrolled| {
            let device = self.people.device_of_token(&enrolled.token);
            assert_eq!(device, Some(enrolled.device), "the token is the device's");
        })
    }
}

fn run(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else {
        // A field that nobody reads may hold anything; the code is text, or the body is refused.
        return drop(serde_json::from_slice::<EnrolRequest>(input));
    };
    DESK.with_borrow_mut(|desk| {
        let codes = [
            ("{fresh}", &desk.fresh),
            ("{used}", &desk.used),
            ("{expired}", &desk.expired),
        ];
        let text = codes.iter().fold(text.to_owned(), |text, (name, code)| {
            text.replace(name, code)
        });
        assert_eq!(desk.people.device_of_token(text.trim()), None);
        if serde_json::from_str::<EnrolRequest>(&text).is_err() {
            return;
        }
        let Some(code) = code_in(&text) else {
            return;
        };
        let code = code.trim();
        let expected = match code {
            code if code == desk.fresh => Ok(()),
            code if code == desk.used => Err(CodeRefused::Used),
            code if code == desk.expired => Err(CodeRefused::Expired),
            _ => Err(CodeRefused::Unknown),
        };
        assert_eq!(desk.answer(code), expected);
        if expected.is_ok() {
            assert_eq!(
                desk.answer(code),
                Err(CodeRefused::Used),
                "a code works once"
            );
            *desk = Desk::open();
        }
    });
}

fn code_in(text: &str) -> Option<String> {
    let body: Value = serde_json::from_str(text).ok()?;
    Some(body.get("code")?.as_str()?.to_owned())
}

fn seeds() -> Vec<Vec<u8>> {
    [
        r#"{"code":"{fresh}"}"#,
        r#"{"code":" {used}\n"}"#,
        r#"{"code":"{expired}","more":[1,null]}"#,
        r#"{"code":"AAAAAAAAAAAAAAAAAAAAAA"}"#,
        "{fresh}",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}
