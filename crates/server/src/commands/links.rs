//! Enrolment links: their address, and how they look on a terminal.

use std::io::{IsTerminal, Write};

use model::PersonId;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use store::{Store, StoreError, Table};

use crate::clock::now_ms;
use crate::failure::Failure;
use crate::office::Office;

/// The address phones use when the service was never told one.
pub const PUBLIC_URL_USUAL: &str = "http://127.0.0.1:8470";

const PUBLIC_URL_RECORD: &[u8] = b"public_url";

/// The address phones use, as the service was last told.
pub fn public_url(store: &dyn Store) -> Result<String, StoreError> {
    let record = store.get_record(Table::Settings, PUBLIC_URL_RECORD)?;
    Ok(record
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_else(|| PUBLIC_URL_USUAL.to_owned()))
}

/// Writes the address down, for commands that make links while the service does not run.
pub fn remember_public_url(store: &dyn Store, url: &str) -> Result<(), StoreError> {
    if store
        .get_record(Table::Settings, PUBLIC_URL_RECORD)?
        .as_deref()
        == Some(url.as_bytes())
    {
        return Ok(());
    }
    store.put_record(Table::Settings, PUBLIC_URL_RECORD, url.as_bytes())
}

/// A fresh link for a person. The code stands in the fragment, which browsers send to nobody.
pub fn link_to(office: &Office, person: PersonId, base_url: &str) -> Result<String, Failure> {
    let code = office.people.make_link(person, now_ms())?;
    Ok(format!("{}/#enrol={code}", base_url.trim_end_matches('/')))
}

/// Prints a link on one line that scripts can read, and for people as a code to scan.
pub fn print_link(name: &str, role: &str, url: &str) {
    print_line(&format!("stairwell: link {name} {role} {url}"));
    if std::io::stdout().is_terminal()
        && let Ok(code) = QrCode::new(url)
    {
        print_line(&code.render::<Dense1x2>().quiet_zone(true).build());
    }
}

/// Prints a line. Nobody may be reading any more, which is no reason to end.
pub fn print_line(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
