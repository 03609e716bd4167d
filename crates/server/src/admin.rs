//! Commands while the service runs: a Unix socket in the data folder, one command a connection, lines
//! of JSON both ways. Who may open the folder may command the service; nobody else can.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt};
use tokio::net::UnixListener;
use tokio::sync::mpsc;

use crate::commands::{Said, execute};
use crate::failure::Failure;
use crate::office::Office;
use crate::settings::Command;

/// A command is a short line; anything longer is no command.
const COMMAND_BYTES_MAX: u64 = 64 << 10;

/// One line from the service.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    Said(Said),
    Done,
    Failed(String),
}

fn socket(data: &Path) -> PathBuf {
    data.join("admin.sock")
}

/// Has the serving process carry a command out. `None`: no service has this folder open.
pub fn send(
    data: &Path,
    command: &Command,
    said: &mut dyn FnMut(Said),
) -> Option<Result<(), Failure>> {
    let stream = UnixStream::connect(socket(data)).ok()?;
    Some(talk(stream, command, said).unwrap_or_else(|error| {
        let en = format!("the service did not finish the command: {error}");
        Err(Failure::new("平台没有完成这个命令", &en))
    }))
}

fn talk(
    mut stream: UnixStream,
    command: &Command,
    said: &mut dyn FnMut(Said),
) -> std::io::Result<Result<(), Failure>> {
    let mut line = serde_json::to_vec(command)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    for line in BufReader::new(stream).lines() {
        match serde_json::from_str(&line?)? {
            Reply::Said(what) => said(what),
            Reply::Done => return Ok(Ok(())),
            Reply::Failed(text) => return Ok(Err(Failure::of(&text))),
        }
    }
    Err(std::io::ErrorKind::UnexpectedEof.into())
}

/// Opens the socket. A file left by a process that was killed is removed: the lock on the folder says
/// that nobody serves it.
pub fn listen(data: &Path) -> std::io::Result<UnixListener> {
    let path = socket(data);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Removes the socket.
pub fn close(data: &Path) {
    let _ = std::fs::remove_file(socket(data));
}

/// Takes commands until the service ends.
pub async fn serve(listener: UnixListener, office: Arc<Office>, in_flight: mpsc::Sender<()>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = office.stopping.stopped() => return,
        };
        match accepted {
            Ok((stream, _)) => {
                let (office, in_flight) = (Arc::clone(&office), in_flight.clone());
                tokio::spawn(async move {
                    if let Err(error) = carry_out(stream, office).await {
                        tracing::warn!(%error, "a command broke off");
                    }
                    drop(in_flight);
                });
            }
            Err(error) => {
                tracing::error!(%error, "the admin socket");
                return;
            }
        }
    }
}

async fn carry_out(mut stream: tokio::net::UnixStream, office: Arc<Office>) -> std::io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut line = String::new();
    let reader = tokio::io::AsyncReadExt::take(reader, COMMAND_BYTES_MAX);
    tokio::io::BufReader::new(reader)
        .read_line(&mut line)
        .await?;
    let command: Command = serde_json::from_str(&line)?;
    // Its name only: what it is about may name a person.
    tracing::info!(command = command.name(), "a command");
    let (replies, mut outbox) = mpsc::channel(64);
    let work = tokio::task::spawn_blocking(move || {
        // Whoever gave the command may have gone away; what was begun is finished all the same.
        let outcome = execute(&office, command, &mut |said| {
            drop(replies.blocking_send(Reply::Said(said)))
        });
        let last = outcome.map_or_else(
            |failure| Reply::Failed(failure.to_string()),
            |()| Reply::Done,
        );
        let _ = replies.blocking_send(last);
    });
    while let Some(reply) = outbox.recv().await {
        let mut line = serde_json::to_vec(&reply)?;
        line.push(b'\n');
        writer.write_all(&line).await?;
    }
    work.await.map_err(std::io::Error::other)
}
