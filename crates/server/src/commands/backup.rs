//! `backup`: the data folder copied away, in a process of its own whether or not the service runs. It
//! takes no lock and asks the service for nothing, so it may write where the service may not.

use std::path::Path;

use store::{BackupError, backup};

use super::restore::{megabytes, say_broken};
use super::{Listener, Said};
use crate::clock::now_ms;
use crate::failure::Failure;
use crate::program::step_of;

/// Copies everything into an empty folder and reads the copy again.
pub fn execute(data: &Path, folder: &Path, say: Listener<'_>) -> Result<(), Failure> {
    let taken = backup(data, folder, now_ms(), &mut |progress| {
        say(Said::Progress(step_of(progress)))
    });
    let manifest = taken.map_err(|error| failure_of(error, say))?;
    let (changes, files) = (manifest.contents.changes, manifest.files.len());
    let (size, place) = (megabytes(manifest.bytes()), folder.display());
    let digest = hex::encode(manifest.contents.digest);
    say(Said::Line(format!(
        "已备份到 {place}：{changes} 项修改，{files} 个文件，{size} MB，已重读核对 / backed up to {place}: {changes} changes, {files} files, {size} MB, read again and checked"
    )));
    say(Said::Line(format!("digest {digest}")));
    Ok(())
}

fn failure_of(error: BackupError, say: Listener<'_>) -> Failure {
    match error {
        BackupError::Store(error) => error.into(),
        BackupError::NotEmpty(folder) => {
            let folder = folder.display();
            Failure::new(
                &format!("备份的文件夹 {folder} 不是空的，什么也没有写入。请换一个新的文件夹。"),
                &format!(
                    "{folder} is not empty, and nothing was written. Name a new folder for the backup."
                ),
            )
        }
        BackupError::CopyBroken(broken) => {
            say_broken(&broken, say);
            Failure::new(
                "写好的备份读出来不一样，这份备份不能用。原来的数据没有变动。请检查备份所在的磁盘，换一个位置再备份。",
                "The copy reads otherwise than it was written, so it is no backup. The data itself was not touched. Check the disk it was written to, and back up to another place.",
            )
        }
    }
}
