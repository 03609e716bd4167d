//! Connections: HTTPS by the program itself, and clients that only hold a place.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Parser;
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::client::conn::{http1, http2};
use hyper::{Request, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertifiedKey, KeyPair};
use server::api::App;
use server::listen::listen;
use server::settings::{CommandLine, ServeSettings, TopCommand};
use server::tls::Tls;
use server::web::WebFiles;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::support::{Service, TestOffice, run, settled_folder, text};

/// A certificate for this machine and its key, as files.
struct Files {
    folder: TempDir,
    der: CertificateDer<'static>,
}

impl Files {
    fn new() -> Self {
        let CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("certificate.pem", &cert.pem());
        write("key.pem", &signing_key.serialize_pem());
        write(
            "other-key.pem",
            &KeyPair::generate().unwrap().serialize_pem(),
        );
        write("letter.txt", "不是证书");
        write(
            "locked-key.pem",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n",
        );
        Self {
            folder,
            der: cert.der().clone(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn words(&self, certificate: &str, key: &str) -> Vec<String> {
        let path = |name| self.path(name).to_str().unwrap().to_owned();
        vec![
            "--tls-certificate".into(),
            path(certificate),
            "--tls-key".into(),
            path(key),
        ]
    }

    /// A greeting that offers these protocols.
    async fn greet(&self, address: &str, offers: &[&[u8]]) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(self.der.clone()).unwrap();
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = offers.iter().map(|offer| offer.to_vec()).collect();
        let stream = TcpStream::connect(address).await.unwrap();
        TlsConnector::from(Arc::new(config))
            .connect(ServerName::try_from("localhost").unwrap(), stream)
            .await
            .unwrap()
    }
}

fn health() -> Request<Empty<Bytes>> {
    Request::get("https://localhost/healthz")
        .header("host", "localhost")
        .body(Empty::new())
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn with_a_certificate_it_speaks_both_http_2_and_http_1() {
    let files = Files::new();
    let words = files.words("certificate.pem", "key.pem");
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let service = Service::start(settled_folder(), &words);
    let address = service.url.strip_prefix("https://").unwrap();

    let stream = files.greet(address, &[b"h2", b"http/1.1"]).await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut client, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    let answer = client.send_request(health()).await.unwrap();
    assert_eq!(
        (answer.version(), answer.status().as_u16()),
        (Version::HTTP_2, 200)
    );
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert!(body.starts_with(b"{\"status\":\"ok\""));

    for offers in [&[&b"http/1.1"[..]][..], &[]] {
        let stream = files.greet(address, offers).await;
        let (mut client, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let answer = client.send_request(health()).await.unwrap();
        assert_eq!(
            (answer.version(), answer.status().as_u16()),
            (Version::HTTP_11, 200)
        );
    }
}

#[test]
fn a_certificate_that_cannot_be_used_is_refused_in_one_sentence_and_no_folder_is_opened() {
    let files = Files::new();
    let cases = [
        ("none.pem", "key.pem", "无法读取证书"),
        ("certificate.pem", "none.pem", "无法读取私钥"),
        ("letter.txt", "key.pem", "没有可读的证书"),
        ("key.pem", "key.pem", "没有可读的证书"),
        ("certificate.pem", "letter.txt", "没有可读的私钥"),
        ("certificate.pem", "certificate.pem", "没有可读的私钥"),
        ("certificate.pem", "locked-key.pem", "带口令"),
        ("certificate.pem", "other-key.pem", "不是一对"),
    ];
    for (certificate, key, expected) in cases {
        let data = files.path("data");
        let said = serve(&data, &files.words(certificate, key));
        assert!(said.contains(expected) && said.contains(" / "), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(!data.exists(), "{certificate} {key}");
    }
    let alone = &files.words("certificate.pem", "key.pem")[..2];
    assert!(serve(&files.path("data"), alone).contains("--tls-key"));
}

/// What serving with these words says before it ends.
fn serve(data: &Path, words: &[String]) -> String {
    let mut all = vec!["serve", "--listen", "127.0.0.1:0"];
    all.extend(words.iter().map(String::as_str));
    let output = run(data, &all);
    assert!(!output.status.success());
    text(&output.stderr)
}

/// Serves until `body` is over. Time stands still and leaps to the next deadline whenever nobody has
/// anything to do.
async fn serving(tls: Option<Arc<Tls>>, body: impl AsyncFnOnce(String)) {
    let office = TestOffice::start();
    let (app, finished) = App::new(Arc::clone(&office.office), WebFiles::new(None));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serving = Arc::clone(&office.office);
    let served = tokio::spawn(async move { listen(listener, tls, app, finished, &serving).await });
    body(address).await;
    office.office.stopping.stop();
    served.await.unwrap();
}

fn settings(files: &Files) -> ServeSettings {
    let words = files.words("certificate.pem", "key.pem");
    let line = ["stairwell", "serve"]
        .map(str::to_owned)
        .into_iter()
        .chain(words);
    let TopCommand::Serve(settings) = CommandLine::parse_from(line).command else {
        unreachable!("the line says serve");
    };
    settings
}

/// All that comes until the other side closes, in whatever manner.
async fn rest(mut stream: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut heard = Vec::new();
    let _ = stream.read_to_end(&mut heard).await;
    heard
}

#[tokio::test(start_paused = true)]
async fn a_client_that_never_says_what_it_wants_is_let_go() {
    serving(None, async |address| {
        let request = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
        for said in ["", "G", "GET /healthz HTTP/1.1\r\nhost: x\r\n", request] {
            let mut stream = TcpStream::connect(&address).await.unwrap();
            stream.write_all(said.as_bytes()).await.unwrap();
            let heard = String::from_utf8(rest(stream).await).unwrap();
            let is_answered = heard.contains("\"status\":\"ok\"");
            assert_eq!(is_answered, said == request, "{said:?}: {heard}");
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn over_tls_too_a_client_that_never_says_what_it_wants_is_let_go() {
    let files = Files::new();
    serving(Tls::of(&settings(&files)).unwrap(), async |address| {
        let silent = TcpStream::connect(&address).await.unwrap();
        assert!(rest(silent).await.is_empty(), "no greeting");
        for offer in [&b"h2"[..], b"http/1.1"] {
            // What a server says of itself in HTTP/2 may come first; then the line is closed.
            rest(files.greet(&address, &[offer]).await).await;
        }
        let mut begun = files.greet(&address, &[b"h2"]).await;
        begun.write_all(b"PRI * HTTP/2.0\r\n").await.unwrap();
        rest(begun).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_renewed_certificate_greets_the_next_client_and_a_broken_one_does_not_end_the_old() {
    let files = Files::new();
    let tls = Tls::of(&settings(&files)).unwrap().unwrap();
    let renewed = Files::new();
    let take_over = |from: &str, to: &str| {
        std::fs::copy(renewed.path(from), files.path(to)).unwrap();
    };
    serving(Some(Arc::clone(&tls)), async |address| {
        assert!(!tls.renew().unwrap(), "nothing is new yet");
        take_over("letter.txt", "certificate.pem");
        assert!(tls.renew().is_err());
        files.greet(&address, &[]).await;

        take_over("certificate.pem", "certificate.pem");
        assert!(tls.renew().is_err(), "the key is still the old one");
        take_over("key.pem", "key.pem");
        assert!(tls.renew().unwrap());
        renewed.greet(&address, &[]).await;
    })
    .await;
}
