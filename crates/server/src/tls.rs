//! HTTPS without a proxy: the certificate and its key, also when they are renewed, and what is agreed
//! on with a client.
//!
//! Belongs here: reading the two files, and words for what is wrong with them. Does not belong here:
//! connections (see `listen`).

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{Error, ServerConfig};

use crate::failure::Failure;
use crate::settings::ServeSettings;

/// The name of HTTP/2 in a TLS greeting.
pub const HTTP2: &[u8] = b"h2";
const HTTP1: &[u8] = b"http/1.1";

/// How often the files are looked at.
const LOOK_INTERVAL: Duration = Duration::from_secs(60);

/// A certificate and its key, as their files hold them now.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    current: RwLock<Current>,
}

struct Current {
    acceptor: TlsAcceptor,
    stamps: Stamps,
}

/// By what it is seen that a file was replaced.
type Stamps = [Option<(SystemTime, u64)>; 2];

impl Tls {
    /// What the command line names, or `None` where the program was given no certificate.
    pub fn of(settings: &ServeSettings) -> Result<Option<Arc<Self>>, Failure> {
        let (Some(certificate), Some(key)) = (&settings.tls_certificate, &settings.tls_key) else {
            return Ok(None);
        };
        // Before the files are read, so that one replaced meanwhile is read again.
        let stamps = stamps(certificate, key);
        let current = Current {
            acceptor: read_acceptor(certificate, key)?,
            stamps,
        };
        Ok(Some(Arc::new(Self {
            certificate: certificate.clone(),
            key: key.clone(),
            current: RwLock::new(current),
        })))
    }

    /// What greets the next client.
    pub fn acceptor(&self) -> TlsAcceptor {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.acceptor.clone()
    }

    /// Takes a renewed certificate for the clients to come. While the files cannot be used, the old
    /// one serves on. Says whether there was something new.
    pub fn renew(&self) -> Result<bool, Failure> {
        let stamps = stamps(&self.certificate, &self.key);
        let is_new = {
            let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
            current.stamps != stamps
        };
        if !is_new {
            return Ok(false);
        }
        let acceptor = read_acceptor(&self.certificate, &self.key)?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Current { acceptor, stamps };
        Ok(true)
    }

    /// Looks for a renewed certificate again and again. Whoever renews it need not tell the program.
    pub async fn keep_renewed(self: Arc<Self>) {
        loop {
            tokio::time::sleep(LOOK_INTERVAL).await;
            let tls = Arc::clone(&self);
            match tokio::task::spawn_blocking(move || tls.renew()).await {
                Ok(Ok(true)) => tracing::info!("a renewed certificate is in use"),
                Ok(Err(reason)) => {
                    tracing::warn!(%reason, "the new certificate cannot be used; the old one serves on");
                }
                _ => {}
            }
        }
    }
}

fn stamps(certificate: &Path, key: &Path) -> Stamps {
    [certificate, key].map(|path| {
        let metadata = std::fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    })
}

fn read_acceptor(certificate: &Path, key: &Path) -> Result<TlsAcceptor, Failure> {
    let config = config(chain(certificate)?, private_key(key)?).map_err(|error| match error {
        Error::InconsistentKeys(_) => Failure::new(
            &format!(
                "私钥 {} 与证书 {} 不是一对",
                key.display(),
                certificate.display()
            ),
            "the private key does not belong to the certificate",
        ),
        other => Failure::new(
            &format!(
                "证书 {} 或私钥 {} 不能使用（{other}）",
                certificate.display(),
                key.display()
            ),
            "the certificate or its key cannot be used",
        ),
    })?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![HTTP2.to_vec(), HTTP1.to_vec()];
    // A phone that comes back between two floors greets with a ticket, and the chain of certificates
    // need not travel again. One is enough: HTTP/2 uses one connection.
    config.ticketer = ring::Ticketer::new()?;
    config.send_tls13_tickets = 1;
    Ok(config)
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let text = read(path, "证书", "the certificate")?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match chain {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        _ => Err(Failure::new(
            &format!(
                "{} 里没有可读的证书（应为 PEM，以 BEGIN CERTIFICATE 开头）",
                path.display()
            ),
            "no readable certificate (PEM, BEGIN CERTIFICATE) in this file",
        )),
    }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, Failure> {
    let text = read(path, "私钥", "the private key")?;
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| {
        let is_locked = String::from_utf8_lossy(&text).contains("ENCRYPTED");
        match error {
            pem::Error::NoItemsFound if is_locked => Failure::new(
                &format!("私钥 {} 带口令，请先去掉口令", path.display()),
                "the private key is protected by a passphrase; take it off first",
            ),
            _ => Failure::new(
                &format!(
                    "{} 里没有可读的私钥（应为 PEM，以 BEGIN PRIVATE KEY 开头）",
                    path.display()
                ),
                "no readable private key (PEM, BEGIN PRIVATE KEY) in this file",
            ),
        }
    })
}

fn read(path: &Path, zh: &str, en: &str) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| {
        Failure::new(
            &format!("无法读取{zh} {}（{error}）", path.display()),
            &format!("cannot read {en}"),
        )
    })
}
