//! Connections: accepted, greeted over TLS where there is a certificate, spoken to in HTTP, and
//! closed when they only hold a place.
//!
//! Belongs here: what is true of a connection whatever is asked over it. Does not belong here:
//! routes (see `api`), how many requests one device may have under way (see `api::places`).

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tower::service_fn;

use crate::api::{App, router};
use crate::office::Office;
use crate::tls::{HTTP2, Tls};

/// How long what is in flight may take once the end is called.
const FINISH_MAX: Duration = Duration::from_secs(30);
/// How long a request may take to say what it wants, and how long a connection is kept open for
/// the next. Longer than the minute after which proxies give theirs up, so that none sends a
/// request into a connection that is being closed here.
const HEADERS_MAX: Duration = Duration::from_secs(75);
/// How long a TLS greeting may take on a bad line.
const GREETING_MAX: Duration = Duration::from_secs(20);
/// Rest after a connection could not be accepted for want of open files.
const ACCEPT_REST: Duration = Duration::from_secs(1);

/// Serves a listener until the end is called, then finishes what is in flight.
pub async fn listen(
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    app: App,
    mut finished: mpsc::Receiver<()>,
    office: &Arc<Office>,
) {
    let end = office.stopping.stopped();
    accept_until(listener, tls, router(app), end, FINISH_MAX).await;
    // Every sender is a piece of work; when the last is gone, nothing is in flight.
    let _ = tokio::time::timeout(FINISH_MAX, finished.recv()).await;
}

/// Has a router answer a listener's connections until `end`, then lets those finish that are in the
/// middle of something, for `finish_max` at most.
pub async fn accept_until(
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    router: Router,
    end: impl Future<Output = ()>,
    finish_max: Duration,
) {
    let open = GracefulShutdown::new();
    let mut end = pin!(end);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut end => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (router, watcher) = (router.clone(), open.watcher());
                let tls = tls.as_ref().map(|tls| tls.acceptor());
                tokio::spawn(async move {
                    if let Err(error) = greet(stream, peer, tls, router, watcher).await {
                        tracing::debug!(%peer, %error, "a connection ended");
                    }
                });
            }
            Err(error) => rest_after(&error).await,
        }
    }
    drop((listener, router));
    if tokio::time::timeout(finish_max, open.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some connections did not finish in time");
    }
}

/// A client that went away while it was accepted is no reason to wait.
async fn rest_after(error: &io::Error) {
    let is_of_client = matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    );
    if !is_of_client {
        tracing::error!(%error, "a connection could not be accepted");
        tokio::time::sleep(ACCEPT_REST).await;
    }
}

async fn greet(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    router: Router,
    watcher: Watcher,
) -> io::Result<()> {
    // A response is many small writes. TCP would hold each back until the one before it is
    // acknowledged, and a phone would wait for another round trip.
    stream.set_nodelay(true)?;
    let Some(tls) = tls else {
        return speak(stream, false, peer, router, watcher).await;
    };
    let stream = tokio::time::timeout(GREETING_MAX, tls.accept(stream)).await??;
    let is_http2 = stream.get_ref().1.alpn_protocol() == Some(HTTP2);
    speak(stream, is_http2, peer, router, watcher).await
}

/// HTTP over a connection to its end. Without TLS it is HTTP/1.1, which is what proxies speak.
async fn speak(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    is_http2: bool,
    peer: SocketAddr,
    router: Router,
    watcher: Watcher,
) -> io::Result<()> {
    let has_asked = Arc::new(AtomicBool::new(false));
    let service = {
        let has_asked = Arc::clone(&has_asked);
        service_fn(move |mut request: Request<_>| {
            has_asked.store(true, Ordering::Relaxed);
            request.extensions_mut().insert(ConnectInfo(peer));
            tower::Service::call(&mut router.clone(), request)
        })
    };
    let builder = builder(is_http2);
    let connection =
        builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let silent = async {
        tokio::time::sleep(HEADERS_MAX).await;
        if has_asked.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        served = watcher.watch(connection) => served.map_err(io::Error::other),
        () = silent => Err(ErrorKind::TimedOut.into()),
    }
}

fn builder(is_http2: bool) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    // Each phone has one of the two, so nothing is guessed from the first bytes.
    if is_http2 {
        builder = builder.http2_only();
    } else {
        builder = builder.http1_only();
    }
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_MAX);
    builder.http2().timer(TokioTimer::new());
    builder
}
