//! Importing a household ledger: reads it, plans against what is held, and carries the plan out
//! through the office's own writes.
//!
//! What a ledger says and what it would change is decided in the crate `ledger`. Belongs here:
//! reading what is held, sealing phones, making the changes.

mod carry_out;
mod held;

use std::fs;
use std::path::Path;

use ledger::{FILE_BYTES_MAX, Ledger, Mistake, Plan};
use model::{PersonId, community_id};
use store::StoreError;

use crate::chance::NoChance;
use crate::office::documents::DoesNotLoad;
use crate::office::{Office, WriteError};
use crate::progress::Report;

/// A ledger to import.
pub struct ImportRequest {
    /// Shown in messages, and the sheet's name of a text file.
    pub file_name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// The community's name; may be left out where there is exactly one.
    pub community: Option<String>,
    /// Plan only, write nothing.
    pub dry_run: bool,
}

impl ImportRequest {
    /// Reads the file at `path`.
    pub fn of_file(
        path: &Path,
        community: Option<String>,
        dry_run: bool,
    ) -> Result<Self, ImportError> {
        let unreadable = |error: std::io::Error| ImportError::File {
            path: path.display().to_string(),
            error,
        };
        let length = fs::metadata(path).map_err(unreadable)?.len();
        let file_name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // What is too large is not even read.
        if length > FILE_BYTES_MAX as u64 {
            return Err(ImportError::Mistakes(vec![ledger::too_large(&file_name)]));
        }
        let bytes = fs::read(path).map_err(unreadable)?;
        Ok(Self {
            file_name,
            bytes,
            community,
            dry_run,
        })
    }
}

/// What an import did, or would do.
#[derive(Debug)]
pub struct Imported {
    /// What was planned.
    pub plan: Plan,
    /// How many changes were written; 0 for a dry run.
    pub changes: usize,
    /// The whole story in words, line by line.
    pub lines: Vec<String>,
}

/// Why nothing was imported, or not everything.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The ledger has mistakes. Nothing was imported.
    #[error("台账有 {count} 处错误，什么也没有导入 / nothing was imported, mistakes in the ledger: {count}", count = .0.len())]
    Mistakes(Vec<Mistake>),
    /// The file cannot be read.
    #[error(
        "读不了文件 {path}（{zh}），什么也没有导入 / the file cannot be read, nothing was imported: {error}",
        zh = why_unreadable(.error)
    )]
    File {
        /// Which file.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// There is no community yet, and no name was given for it.
    #[error(
        "还没有社区：第一次导入请用 --community 写明社区名称 / there is no community yet: name it with --community"
    )]
    CommunityNotNamed,
    /// There are several communities, and none was named.
    #[error(
        "有几个社区（{0}），请用 --community 写明是哪一个 / there are several communities ({0}): name one with --community"
    )]
    CommunityAmbiguous(String),
    /// The store failed before anything was written.
    #[error("什么也没有导入 / nothing was imported: {0}")]
    Store(#[from] StoreError),
    /// A door that is held does not load.
    #[error("什么也没有导入 / nothing was imported: {0}")]
    DoesNotLoad(#[from] DoesNotLoad),
    /// No randomness for keys.
    #[error("什么也没有导入 / nothing was imported: {0}")]
    NoChance(#[from] NoChance),
    /// Writing failed on the way. What was written is whole and kept.
    #[error(
        "写到一半停下了：已写入 {written} 处，都完整保存；排除故障后再导入一次，会接着补齐 / \
         stopped on the way: {written} changes are written and kept; import again to finish: {error}"
    )]
    Interrupted {
        /// How many changes were written.
        written: usize,
        /// Why it stopped.
        error: Box<WriteError>,
    },
}

impl ImportError {
    /// The error in words, with each mistake on a line of its own.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.to_string()];
        if let ImportError::Mistakes(mistakes) = self {
            lines.extend(mistakes.iter().map(Mistake::to_string));
        }
        lines
    }
}

fn why_unreadable(error: &std::io::Error) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::NotFound => "没有这个文件",
        std::io::ErrorKind::PermissionDenied => "没有读取的权限",
        std::io::ErrorKind::IsADirectory => "这是文件夹",
        _ => "读取出错",
    }
}

/// Imports a ledger. As long as the ledger has a mistake, nothing is written.
pub fn import(
    office: &Office,
    request: &ImportRequest,
    now_ms: i64,
    report: Report<'_>,
) -> Result<Imported, ImportError> {
    let ledger = ledger::read(&request.file_name, &request.bytes, year_of(now_ms))
        .map_err(ImportError::Mistakes)?;
    let community = community_name(office, request.community.as_deref())?;
    let existing = held::existing(office, &community, &ledger)?;
    let plan = ledger::plan(&existing, &ledger, &community).map_err(ImportError::Mistakes)?;
    let is_new = office.community_name(community_id(&community)).is_empty();
    let changes = match request.dry_run {
        true => 0,
        false => carry_out::carry_out(office, &community, is_new, &plan, now_ms, report)?,
    };
    let lines = story(&ledger, &plan, &community, is_new, request.dry_run, changes);
    Ok(Imported {
        plan,
        changes,
        lines,
    })
}

/// The community that is meant: the one named, or the only one.
fn community_name(office: &Office, named: Option<&str>) -> Result<String, ImportError> {
    if let Some(name) = named.map(str::trim).filter(|name| !name.is_empty()) {
        return Ok(name.to_owned());
    }
    let desk = office.desk.read();
    let names: Vec<&str> = desk
        .communities()
        .iter()
        .map(|(_, community)| community.name.as_str())
        .collect();
    match names.as_slice() {
        [] => Err(ImportError::CommunityNotNamed),
        [only] => Ok((*only).to_owned()),
        several => Err(ImportError::CommunityAmbiguous(several.join("、"))),
    }
}

fn story(
    ledger: &Ledger,
    plan: &Plan,
    community: &str,
    is_new: bool,
    dry_run: bool,
    changes: usize,
) -> Vec<String> {
    let (doors, persons) = (ledger.doors.len(), ledger.persons());
    let new = if is_new { "（新社区 new）" } else { "" };
    let mut lines = vec![format!(
        "{community}{new}：台账有 {doors} 户 {persons} 人 / {doors} doors and {persons} persons in the ledger"
    )];
    lines.extend(
        ledger
            .notices
            .iter()
            .map(|notice| format!("注意 note：{notice}")),
    );
    lines.extend(plan.lines());
    lines.push(match (dry_run, changes) {
        (true, _) => "只是检查，什么也没有写入 / dry run, nothing was written".to_owned(),
        (false, 0) => {
            "和台账一致，没有要写的 / nothing to write, all is as the ledger says".to_owned()
        }
        (false, _) => format!("已导入，写入 {changes} 处 / imported, changes written: {changes}"),
    });
    lines
}

/// The year, near enough to bound a year of birth: at New Year it may be a day off.
fn year_of(now_ms: i64) -> i32 {
    const DAYS_PER_YEAR: f64 = 365.2425;
    let days = now_ms.div_euclid(24 * 3_600_000);
    1970 + (days as f64 / DAYS_PER_YEAR) as i32
}

/// The place of a sealed phone in a door's `sealed` map.
fn phone_place(resident: PersonId) -> String {
    format!("{resident}/phone")
}

#[cfg(test)]
mod tests;
