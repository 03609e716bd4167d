//! `restore`: a backup put in place of a data folder that is not there.

use std::path::Path;

use store::{Flaw, RestoreError, restore};

use super::{Listener, Said};
use crate::clock::now_ms;
use crate::failure::Failure;
use crate::program::step_of;

/// Checks the backup, copies it, opens the copy and compares.
pub fn execute(backup: &Path, data: &Path, say: Listener<'_>) -> Result<(), Failure> {
    let restored = restore(backup, data, &mut |progress| {
        say(Said::Progress(step_of(progress)))
    });
    let manifest = match restored {
        Ok(restored) => restored.manifest,
        Err(error) => {
            say_broken(&error, say);
            return Err(failure_of(&error, backup));
        }
    };
    let (changes, files) = (manifest.contents.changes, manifest.files.len());
    let (size, place) = (megabytes(manifest.bytes()), data.display());
    let minutes = (now_ms() - manifest.taken_at).max(0) / 60_000;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    say(Said::Line(format!(
        "已恢复到 {place}：{changes} 项修改，{files} 个文件，{size} MB，与备份一致 / restored to {place}: {changes} changes, {files} files, {size} MB, equal to the backup"
    )));
    say(Said::Line(format!(
        "这份备份是 {hours} 小时 {minutes} 分钟前做的；此后收到的记录不在里面，由写它们的手机再送一次 / the backup was taken {hours} h {minutes} min ago; what was received since is not in it and comes again from the phones that wrote it"
    )));
    Ok(())
}

/// Names every broken file, one to a line.
pub(super) fn say_broken(error: &RestoreError, say: Listener<'_>) {
    let RestoreError::Broken(files) = error else {
        return;
    };
    for file in files {
        let (zh, en) = match file.flaw {
            Flaw::Missing => ("缺失".to_owned(), "is missing".to_owned()),
            Flaw::Length(bytes) => (
                format!("长度不对（{bytes} 字节）"),
                format!("has another length ({bytes} bytes)"),
            ),
            Flaw::Altered => ("内容变了".to_owned(), "has other bytes".to_owned()),
        };
        let path = &file.path;
        say(Said::Line(format!("{path}：{zh} / {path} {en}")));
    }
}

fn failure_of(error: &RestoreError, backup: &Path) -> Failure {
    let backup = backup.display();
    match error {
        RestoreError::Store(error) => error.clone().into(),
        RestoreError::NotABackup(_) => Failure::new(
            &format!(
                "{backup} 不是一份完整的备份（没有完好的 MANIFEST：不是备份，或备份中途断了）。什么也没有写入。请换一份备份。"
            ),
            &format!(
                "{backup} is not a whole backup (no sound MANIFEST: it is none, or it was cut short). Nothing was written. Use another backup."
            ),
        ),
        RestoreError::Broken(files) => {
            let count = files.len();
            Failure::new(
                &format!(
                    "备份 {backup} 里有 {count} 个文件坏了，已逐个列出。没有恢复。请换一份备份。"
                ),
                &format!(
                    "{count} files of the backup {backup} are broken; each is listed. It was not restored. Use another backup."
                ),
            )
        }
        RestoreError::OtherContents { .. } => Failure::new(
            &format!("备份 {backup} 的内容与它的清单对不上，不能用。请换一份备份。"),
            &format!(
                "What the backup {backup} holds is not what its manifest says. Use another backup."
            ),
        ),
        RestoreError::NotEmpty(folder) => {
            let folder = folder.display();
            Failure::new(
                &format!(
                    "{folder} 不是空的，恢复不会覆盖任何东西。请先把它移走，或用 --data 写明另一个文件夹。"
                ),
                &format!(
                    "{folder} is not empty, and restoring replaces nothing. Move it away first, or name another folder with --data."
                ),
            )
        }
    }
}

/// Millions of bytes, with one digit after the point.
pub(super) fn megabytes(bytes: u64) -> String {
    format!("{}.{}", bytes / 1_000_000, bytes / 100_000 % 10)
}
