//! An enrolled device and its exchanges.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::VerifyingKey;
use model::edit::VisitDraft;
use model::{DeviceId, DocumentId, FeedId, Member, community_id, resident_id};
use serde_json::Value;
use server::chance;
use server::clock::now_ms;
use sync::body::{Encoding, inflate};
use sync::replica::{Heard, Replica};

use super::{COMMUNITY, TestOffice, agent};

/// An enrolled device.
pub struct Phone {
    pub token: String,
    pub member: Member,
    pub replica: Replica,
}

impl Phone {
    /// The device that an answer to enrolment speaks of.
    pub fn of_enrolment(answer: &Value) -> Self {
        let id = |value: &Value| value.as_str().unwrap().to_owned();
        let feeds = answer["feeds"].as_array().unwrap();
        let member = Member {
            person: id(&answer["person"]["id"]).parse().unwrap(),
            role: id(&answer["person"]["role"]).parse().unwrap(),
            feeds: feeds
                .iter()
                .map(|feed| id(&feed["feed"]).parse().unwrap())
                .collect(),
            device: id(&answer["device"]).parse::<DeviceId>().unwrap(),
        };
        let mut key = [0; 32];
        hex::decode_to_slice(id(&answer["server_key"]), &mut key).unwrap();
        let replica = Replica::new(&member, Some(VerifyingKey::from_bytes(&key).unwrap()));
        Self {
            token: id(&answer["token"]),
            member,
            replica,
        }
    }

    /// Writes a visit at a door, offline.
    pub fn visit(&mut self, door: DocumentId, note: &str) -> DocumentId {
        let id = DocumentId::from_uuid(chance::new_id(now_ms()).unwrap());
        let draft = self.draft(door, note);
        let feed = self.feed();
        self.replica
            .create_visit(id, feed, &draft, now_ms())
            .unwrap();
        id
    }

    /// A draft as this person would write it.
    pub fn draft(&self, door: DocumentId, note: &str) -> VisitDraft {
        VisitDraft {
            door,
            at: now_ms(),
            by: self.member.person,
            purpose: "routine".to_owned(),
            outcome: "met".to_owned(),
            note: note.to_owned(),
            checks: BTreeMap::from([("gas".to_owned(), "ok".to_owned())]),
            met: BTreeSet::from([resident_id(door, "王春兰", 1)]),
        }
    }

    /// The first grid of this person.
    pub fn feed(&self) -> FeedId {
        let community = community_id(COMMUNITY).as_feed();
        self.member
            .feeds
            .iter()
            .copied()
            .find(|feed| *feed != community)
            .unwrap()
    }

    /// One exchange over HTTP, which must succeed.
    pub fn exchange(&mut self, office: &TestOffice) -> Heard {
        self.exchange_with(&office.url)
    }

    /// One exchange with the service at an address.
    pub fn exchange_with(&mut self, url: &str) -> Heard {
        let exchange = self.replica.request(now_ms());
        let (status, encoding, body) = send_pack(url, &self.token, &exchange.body, "gzip", "br");
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        let heard = self
            .replica
            .receive(&exchange, &inflate(encoding, &body, 64 << 20));
        assert!(heard.complete, "the response was cut off");
        assert_eq!(heard.is_signed, Some(true));
        heard
    }

    /// Exchanges until there is nothing more to say.
    pub fn exchange_all(&mut self, office: &TestOffice) {
        self.exchange(office);
        while self.replica.has_more_to_say() {
            self.exchange(office);
        }
    }

    /// A visit's note as this phone has it.
    pub fn note(&mut self, visit: DocumentId) -> String {
        let document = self.replica.open(visit).unwrap();
        note_of(&document)
    }
}

/// A visit's note.
pub fn note_of(document: &automerge::Automerge) -> String {
    use automerge::ReadDoc;
    let (_, note) = document.get(automerge::ROOT, "note").unwrap().unwrap();
    document.text(&note).unwrap()
}

/// Posts a body to the exchange: status, encoding of the answer, answer.
pub fn send_pack(
    url: &str,
    token: &str,
    body: &[u8],
    encoding: &str,
    accept: &str,
) -> (u16, Encoding, Vec<u8>) {
    let mut request = agent()
        .post(format!("{url}/api/sync"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/x-stairwell-pack")
        .header("accept-encoding", accept);
    if !encoding.is_empty() {
        request = request.header("content-encoding", encoding);
    }
    let mut response = request.send(body).unwrap();
    let named = response
        .headers()
        .get("content-encoding")
        .map_or("", |value| value.to_str().unwrap())
        .to_owned();
    let bytes = response
        .body_mut()
        .with_config()
        .limit(256 << 20)
        .read_to_vec()
        .unwrap();
    (
        response.status().as_u16(),
        Encoding::named(&named).unwrap(),
        bytes,
    )
}
