//! `bench phone`: the app in a real Chromium on a processor made slow, over
//! HTTPS as phones have it. `tests/bench-phone` drives the browser and says
//! what it saw, one JSON line a figure; this keeps it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rcgen::{CertifiedKey, PublicKeyData};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::figures::Figures;
use crate::{BenchError, Settings};

/// The names by which one browser has several phones (see `cargo xtask run`).
const HOSTS: [&str; 4] = [
    "localhost",
    "chen.localhost",
    "lin.localhost",
    "desk.localhost",
];

/// Measures.
pub fn run(settings: &Settings) -> Result<Figures, BenchError> {
    let mut figures = Figures::new("phone", "practice".to_owned());
    let folder = tempfile::tempdir_in(&settings.output)?;
    let folder = folder.path().canonicalize()?;
    let certificate = Certificate::made_in(&folder)?;
    let mut driver = Command::new("node")
        .arg(driver())
        .args([&settings.web, &settings.data_in(&folder)])
        .args([&certificate.path, &certificate.key_path])
        .args([&certificate.key_hash, &settings.repeats.to_string()])
        .env("STAIRWELL_BIN", settings.program.canonicalize()?)
        .env("NODE_EXTRA_CA_CERTS", &certificate.path)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let output = driver.stdout.take();
    for line in output.into_iter().flat_map(|it| BufReader::new(it).lines()) {
        add(&line?, &mut figures)?;
    }
    match driver.wait()?.success() {
        true => Ok(figures),
        false => Err(BenchError::Program(
            "the browser was not driven to the end".to_owned(),
        )),
    }
}

fn driver() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/bench-phone/main.mjs")
}

fn add(line: &str, figures: &mut Figures) -> Result<(), BenchError> {
    let said: Value = serde_json::from_str(line)?;
    let word = |name: &str| said[name].as_str().unwrap_or_default();
    let unit = match word("unit") {
        "ms" => "ms",
        "B" => "B",
        _ => "",
    };
    let value = said["value"].as_f64().unwrap_or_default();
    figures.add(word("case"), word("figure"), value, unit);
    Ok(())
}

/// A certificate that the browser is told to take, and no other program will.
struct Certificate {
    path: PathBuf,
    key_path: PathBuf,
    /// SHA-256 of the public key, hexadecimal: how Chromium is told.
    key_hash: String,
}

impl Certificate {
    fn made_in(folder: &Path) -> Result<Self, BenchError> {
        let hosts: Vec<String> = HOSTS.map(str::to_owned).into();
        let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(hosts)
            .map_err(|error| BenchError::Program(format!("no certificate: {error}")))?;
        let (path, key_path) = (folder.join("certificate.pem"), folder.join("key.pem"));
        std::fs::write(&path, cert.pem())?;
        std::fs::write(&key_path, signing_key.serialize_pem())?;
        let key_hash = hex::encode(Sha256::digest(signing_key.subject_public_key_info()));
        Ok(Self {
            path,
            key_path,
            key_hash,
        })
    }
}
