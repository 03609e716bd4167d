//! HTTPS without a proxy: the certificate and its key, and what is agreed on with a client.
//!
//! Belongs here: reading the two files, and words for what is wrong with them. Does not belong here:
//! connections (see `listen`).

use std::path::Path;
use std::sync::Arc;

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

/// What greets clients over TLS, or `None` where the program was given no certificate.
pub fn acceptor(settings: &ServeSettings) -> Result<Option<TlsAcceptor>, Failure> {
    let (Some(certificate), Some(key)) = (&settings.tls_certificate, &settings.tls_key) else {
        return Ok(None);
    };
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
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
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
