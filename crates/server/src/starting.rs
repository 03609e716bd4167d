//! What is answered while the data folder is opened, which can take minutes after a power cut: that
//! the program lives, what it does, and that a phone should come again.
//!
//! Belongs here: the answers of that time. Does not belong here: opening (see `office`).

use std::net::TcpListener as Listener;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{Html, IntoResponse, Response};
use axum::{Json, Router};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::failure::Failure;
use crate::listen::accept_until;
use crate::progress::Step;
use crate::refusal;
use crate::tls::Tls;

/// After how many seconds a phone should ask again.
const RETRY_SECONDS: &str = "5";

/// How long an answer may still take once the office is open. Whoever is slower asks again; those who
/// come next must not wait for a client that says half a request and no more.
const FINISH_MAX: Duration = Duration::from_millis(200);

const PAGE: &str = "<!doctype html><html lang=zh-CN><meta charset=utf-8><meta http-equiv=refresh content=5><meta name=viewport content=\"width=device-width\"><title>楼道</title><p>平台正在启动，请稍候，本页会自动刷新。<p>The office is starting. This page asks again by itself.";

type Doing = Arc<Mutex<Option<Step>>>;

/// Answers for an office that is not open yet, until it is dropped.
pub struct Starting {
    doing: Doing,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Starting {
    /// Begins to answer on a listener.
    pub fn begin(listener: &Listener, tls: Option<Arc<Tls>>) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::of(&error);
        let listener = listener.try_clone().map_err(failed)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let doing = Doing::default();
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&doing));
        let (end, ended) = oneshot::channel();
        let answering = move || {
            runtime.block_on(async move {
                let Ok(listener) = TcpListener::from_std(listener) else {
                    return;
                };
                let until = async {
                    let _ = ended.await;
                };
                accept_until(listener, tls, router, until, FINISH_MAX).await;
            });
        };
        let thread = std::thread::Builder::new()
            .name("starting".into())
            .spawn(answering)
            .map_err(failed)?;
        Ok(Self {
            doing,
            end: Some(end),
            thread: Some(thread),
        })
    }

    /// Says from now on what is being done.
    pub fn show(&self, step: &Step) {
        *self.doing.lock().unwrap_or_else(PoisonError::into_inner) = Some(step.clone());
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // It ends with its connections; what it had to say is no longer true.
            let _ = thread.join();
        }
    }
}

async fn answer(State(doing): State<Doing>, request: Request) -> Response {
    let doing = doing.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let path = request.uri().path();
    let status = json!({ "status": "starting", "doing": doing });
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    let retry = [(RETRY_AFTER, RETRY_SECONDS)];
    match path {
        "/healthz" => Json(status).into_response(),
        "/readyz" => (unavailable, retry, Json(status)).into_response(),
        _ if path.starts_with("/api/") || path == "/metrics" => {
            (retry, refusal::STARTING).into_response()
        }
        _ => (unavailable, retry, Html(PAGE)).into_response(),
    }
}
