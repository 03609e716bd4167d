//! A running office in a folder of its own, and the phones that talk to it.

mod community;
mod phone;
mod service;
mod signal;

use std::sync::Arc;
use std::thread::JoinHandle;

use model::{PersonId, Role, community_id};
use serde_json::Value;
use server::api::App;
use server::clock::now_ms;
use server::listen::listen;
use server::office::Office;
use server::web::WebFiles;
use store::{EmbeddedStore, JournalFiles, Options};
use tempfile::TempDir;
use tokio::net::TcpListener;

pub use community::{COMMUNITY, door, grid, settle};
pub use phone::{Phone, note_of, send_pack};
pub use service::{BINARY, Service, link_of, run, settled_folder, text};
pub use signal::unchunked;

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
        Self::start_over(folder, Options::default().files)
    }

    /// An office whose journal is written with files that may fail.
    pub fn start_over(folder: TempDir, files: Box<dyn JournalFiles>) -> Self {
        let options = Options {
            files,
            ..Options::default()
        };
        let (store, _) =
            EmbeddedStore::open_with(&folder.path().join("data"), options, &mut |_| {}).unwrap();
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
                listen(listener, None, app, finished, &serving).await;
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
