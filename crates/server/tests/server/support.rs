//! A running office in a folder of its own, and the phones that talk to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::thread::JoinHandle;

use ed25519_dalek::VerifyingKey;
use model::edit::{CommunityRecord, DoorRecord, VisitDraft, write_community, write_door};
use model::records::Grid;
use model::{DeviceId, DocumentId, FeedId, Kind, Member, PersonId, Role};
use model::{community_id, door_id, grid_id, resident_id};
use serde_json::Value;
use server::api::App;
use server::chance;
use server::clock::now_ms;
use server::office::{Office, OwnWrite};
use server::serve::listen;
use server::web::WebFiles;
use store::EmbeddedStore;
use sync::body::{Encoding, inflate};
use sync::replica::{Heard, Replica};
use tempfile::TempDir;
use tokio::net::TcpListener;

pub const COMMUNITY: &str = "测试小区";
pub const GRIDS: [&str; 2] = ["第一网格", "第二网格"];

/// The feed of one of the two grids.
pub fn grid(number: usize) -> FeedId {
    grid_id(community_id(COMMUNITY), GRIDS[number])
}

/// One of twenty doors: even ones are in the first grid.
pub fn door(number: u32) -> DocumentId {
    door_id(
        community_id(COMMUNITY),
        "3",
        "2",
        &format!("{}01", number + 1),
    )
}

/// A service on a port of its own.
pub struct TestOffice {
    pub office: Arc<Office>,
    pub url: String,
    pub web: TempDir,
    folder: TempDir,
    thread: Option<JoinHandle<()>>,
}

impl TestOffice {
    /// An office with a community of two grids and twenty doors.
    pub fn start() -> Self {
        let office = Self::start_in(tempfile::tempdir().unwrap());
        settle(&office.office);
        office
    }

    /// An office over a folder that may hold something already.
    pub fn start_in(folder: TempDir) -> Self {
        let (store, _) = EmbeddedStore::open(&folder.path().join("data"), &mut |_| {}).unwrap();
        let office = Arc::new(Office::open(Arc::new(store), now_ms(), &mut |_| {}).unwrap());
        let web = tempfile::tempdir().unwrap();
        std::fs::write(
            web.path().join("index.html"),
            "<!doctype html><title>楼道</title>",
        )
        .unwrap();
        let (app, finished) = App::new(
            Arc::clone(&office),
            WebFiles::new(Some(web.path().to_owned())),
        );
        let (addresses, address) = std::sync::mpsc::channel();
        let serving = Arc::clone(&office);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                addresses.send(listener.local_addr().unwrap()).unwrap();
                listen(listener, app, finished, &serving).await.unwrap();
            });
        });
        let url = format!("http://{}", address.recv().unwrap());
        Self {
            office,
            url,
            web,
            folder,
            thread: Some(thread),
        }
    }

    /// Ends the service in order and starts another over the same folder.
    pub fn restart(self) -> Self {
        // The store keeps the folder locked as long as anyone holds the office.
        Self::start_in(self.into_folder())
    }

    /// Ends the service and leaves its folder.
    pub fn into_folder(mut self) -> TempDir {
        self.stop();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        let office = std::mem::replace(&mut self.office, Arc::new(empty_office()));
        assert_eq!(
            Arc::strong_count(&office),
            1,
            "someone still holds the office"
        );
        folder
    }

    fn stop(&mut self) {
        self.office.stopping.stop();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    /// Enrols a device for a new person over HTTP.
    pub fn enrol(&self, name: &str, role: Role, grids: &[usize]) -> Phone {
        let grids = grids.iter().map(|number| grid(*number)).collect();
        let person = self
            .office
            .people
            .add_person(name, role, community_id(COMMUNITY), grids, now_ms())
            .unwrap();
        self.enrol_again(person.id)
    }

    /// Enrols one more device for a person.
    pub fn enrol_again(&self, person: PersonId) -> Phone {
        let code = self.office.people.make_link(person, now_ms()).unwrap();
        let (status, answer) = self.post("/api/enrol", None, &serde_json::json!({"code": code}));
        assert_eq!(status, 200, "{answer}");
        Phone::of_enrolment(&answer)
    }

    /// A worker of the first grid.
    pub fn worker(&self, name: &str) -> Phone {
        self.enrol(name, Role::GridWorker, &[0])
    }

    /// The supervisor.
    pub fn supervisor(&self) -> Phone {
        self.enrol("周明月", Role::CommunitySupervisor, &[])
    }

    /// A JSON route.
    pub fn get(&self, path: &str, token: Option<&str>) -> (u16, Value) {
        let mut request = agent().get(format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        answer_of(request.call().unwrap())
    }

    /// A JSON route that decides something.
    pub fn post(&self, path: &str, token: Option<&str>, body: &Value) -> (u16, Value) {
        let mut request = agent()
            .post(format!("{}{path}", self.url))
            .header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        answer_of(request.send(body.to_string().as_bytes()).unwrap())
    }

    /// What only an enrolled supervisor may see: nobody else gets an answer.
    pub fn is_for_supervisors_only(&self, path: &str) {
        let worker = self.worker("林秋实");
        assert_eq!(
            code_of(self.get(path, None)),
            (401, "token_missing".to_owned())
        );
        assert_eq!(
            code_of(self.get(path, Some("nonsense"))),
            (401, "token_unknown".to_owned())
        );
        assert_eq!(
            code_of(self.get(path, Some(&worker.token))),
            (403, "role_not_allowed".to_owned())
        );
    }
}

impl Drop for TestOffice {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.stop();
        }
    }
}

/// Stands where an office was while its folder is opened anew.
fn empty_office() -> Office {
    Office::open(Arc::new(store::MemoryStore::new()), now_ms(), &mut |_| {}).unwrap()
}

/// Writes a community of two grids and twenty doors.
pub fn settle(office: &Office) {
    let community = community_id(COMMUNITY);
    let grids = GRIDS.iter().enumerate().map(|(number, name)| {
        (
            grid(number),
            Grid {
                name: (*name).to_owned(),
            },
        )
    });
    let record = CommunityRecord {
        name: COMMUNITY.to_owned(),
        grids: grids.collect(),
        buildings: BTreeMap::from([("3".to_owned(), Default::default())]),
        lists: model::lists::shipped_lists(),
        ..CommunityRecord::default()
    };
    let write = OwnWrite {
        document: community,
        kind: Kind::Community,
        feed: community.as_feed(),
        edit: Box::new(move |document| write_community(document, &record, 0)),
    };
    let doors = (0..20).map(|number| {
        let record = door_record(number);
        OwnWrite {
            document: door(number),
            kind: Kind::Door,
            feed: record.grid,
            edit: Box::new(move |document| write_door(document, &record, 0)),
        }
    });
    office
        .write_own([write].into_iter().chain(doors).collect(), now_ms())
        .unwrap();
}

fn door_record(number: u32) -> DoorRecord {
    let label = format!("{}01", number + 1);
    let resident = resident_id(door(number), "王春兰", 1);
    let person = model::edit::PersonRecord {
        name: "王春兰".to_owned(),
        ..Default::default()
    };
    DoorRecord {
        community: community_id(COMMUNITY).as_feed(),
        grid: grid(number as usize % 2),
        building: "3".to_owned(),
        unit: "2".to_owned(),
        label,
        floor: Some(i64::from(number) + 1),
        persons: BTreeMap::from([(resident, person)]),
        tags: if number == 0 {
            BTreeSet::from(["aged".to_owned()])
        } else {
            BTreeSet::new()
        },
        plan: Default::default(),
        remarks: String::new(),
        sealed: BTreeMap::new(),
    }
}

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

/// An HTTP client that takes every status for an answer.
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .new_agent()
}

/// The status and the code of an error answer.
pub fn code_of((status, answer): (u16, Value)) -> (u16, String) {
    let error = &answer["error"];
    assert!(
        error["zh"].is_string() && error["en"].is_string(),
        "no words for people: {answer}"
    );
    (status, error["code"].as_str().unwrap().to_owned())
}

fn answer_of(mut response: ureq::http::Response<ureq::Body>) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response
        .body_mut()
        .with_config()
        .limit(64 << 20)
        .read_to_string()
        .unwrap();
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}
