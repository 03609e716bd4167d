//! The server, in a process of its own: samod with its own storage of files and
//! everything else as it comes, except that it announces no document by itself,
//! as servers of automerge-repo are set up.

use std::io::{BufRead, stdin};
use std::net::Ipv4Addr;
use std::path::Path;

use samod::storage::TokioFilesystemStorage;
use samod::{Repo, ShareConfig, Url};
use serde_json::json;
use tokio::net::TcpListener;

use crate::BenchError;

use super::wrong;

/// Keeps documents in `folder` and tells its port for every line that it hears,
/// until it hears nothing more.
pub fn serve(folder: &Path) -> Result<(), BenchError> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.enable_all().build()?;
    let port = runtime.block_on(open(folder))?;
    for order in stdin().lock().lines() {
        order?;
        println!("{}", json!({ "port": port }));
    }
    Ok(())
}

/// Opens the server on a port of its own.
pub async fn open(folder: &Path) -> Result<u16, BenchError> {
    let repo = Repo::build_tokio()
        .with_storage(TokioFilesystemStorage::new(folder))
        .with_share_policy(ShareConfig::read_write().with_announce(false))
        .load()
        .await;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = listener.local_addr()?.port();
    let url = Url::parse(&format!("tcp://127.0.0.1:{port}")).map_err(wrong)?;
    let acceptor = repo.make_acceptor(url).map_err(wrong)?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A connection that cannot be kept is missed by the phone, which says so.
            let _ = stream.set_nodelay(true);
            let _ = acceptor.accept_tokio_io(stream);
        }
    });
    Ok(port)
}
