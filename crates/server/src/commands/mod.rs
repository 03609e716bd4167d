//! What the commands do, on an open office: the same in a process of their own and in the serving one.

pub mod backup;
mod compact;
mod export;
pub mod fsck;
mod links;
mod person;
mod rebuild;
pub mod restore;

use serde::{Deserialize, Serialize};

use crate::clock::now_ms;
use crate::failure::Failure;
use crate::import::{ImportRequest, import};
use crate::office::Office;
use crate::progress::Step;
use crate::settings::Command;

pub use links::{
    PUBLIC_URL_USUAL, link_to, print_line, print_link, public_url, remember_public_url,
};

/// What a command says while it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// How far it is.
    Progress(Step),
    /// A line for the terminal.
    Line(String),
    /// An enrolment link, shown as text and as a code to scan.
    Link {
        /// Whose.
        name: String,
        /// Their role's code.
        role: String,
        /// The address.
        url: String,
    },
}

/// Whoever listens to a command.
pub type Listener<'a> = &'a mut dyn FnMut(Said);

/// Does what the command says.
pub fn execute(office: &Office, command: Command, say: Listener<'_>) -> Result<(), Failure> {
    match command {
        Command::Person(command) => person::execute(office, command, say),
        Command::Import {
            file,
            community,
            dry_run,
        } => {
            let story = ImportRequest::of_file(&file, community, dry_run).and_then(|request| {
                import(office, &request, now_ms(), &mut |step| {
                    say(Said::Progress(step))
                })
            });
            match story {
                Ok(imported) => imported
                    .lines
                    .into_iter()
                    .for_each(|line| say(Said::Line(line))),
                Err(error) => {
                    let mut lines = error.lines().into_iter();
                    let failure = lines.next().unwrap_or_default();
                    lines.for_each(|line| say(Said::Line(line)));
                    return Err(Failure::of(&failure));
                }
            }
            Ok(())
        }
        Command::Export { folder } => export::execute(office, &folder, say),
        Command::Rebuild => rebuild::execute(office, say),
        Command::Compact => compact::execute(office, say),
        Command::Fsck => match office.store.embedded() {
            Some(store) => fsck::execute(store.folder(), Some(store), say),
            None => Ok(()),
        },
    }
}
