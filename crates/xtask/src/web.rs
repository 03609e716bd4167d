//! The web app's side of building: is Node there, are its packages fresh, is
//! what was built older than its sources.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::command::{command, output_of, succeed};

/// The oldest Node that Vite and the tests run on.
const NODE_MAJOR_MIN: u32 = 20;
/// Beside `package-lock.json` in `node_modules`: the lock file it was made from.
const INSTALLED_LOCK: &str = ".installed-lock.json";

/// Node and npm are there and new enough, or plain words on what to install.
pub fn require_node() -> Result<(), String> {
    let version = output_of(command(Path::new("."), "node", &["--version"]));
    let major = version.as_deref().and_then(major_version);
    if major.is_none_or(|major| major < NODE_MAJOR_MIN) {
        let found = version.map_or("没有找到 / none".to_owned(), |version| {
            version.trim().to_owned()
        });
        return Err(format!(
            "需要 Node.js {NODE_MAJOR_MIN} 或更新（现有：{found}），用来构建网页。请从 https://nodejs.org 安装后再运行同一条命令。\n\
             Node.js {NODE_MAJOR_MIN} or newer is needed to build the web app (found: {found}). Install it from https://nodejs.org and run the same command again."
        ));
    }
    if output_of(npm(Path::new("."), &["--version"])).is_none() {
        return Err(
            "找到了 Node.js，但没有 npm；请安装 npm（Debian：apt-get install npm）。\n\
             Node.js is there but npm is not; install npm (Debian: apt-get install npm)."
                .to_owned(),
        );
    }
    Ok(())
}

/// An npm command in `folder`.
pub fn npm(folder: &Path, arguments: &[&str]) -> std::process::Command {
    command(
        folder,
        if cfg!(windows) { "npm.cmd" } else { "npm" },
        arguments,
    )
}

/// Installs exactly what the lock file names, unless that is there already.
pub fn install(folder: &Path) -> Result<(), String> {
    if is_installed(folder) {
        return Ok(());
    }
    println!(
        "   安装网页的依赖 installing packages of {} …",
        name_of(folder)
    );
    succeed(npm(folder, &["ci", "--no-audit", "--no-fund"]))?;
    let copied = fs::copy(
        folder.join("package-lock.json"),
        folder.join("node_modules").join(INSTALLED_LOCK),
    );
    copied
        .map(drop)
        .map_err(|error| format!("{}: {error}", folder.display()))
}

/// The installed packages are those of the lock file: either this program noted
/// so, or npm's own note is not older than the lock file.
fn is_installed(folder: &Path) -> bool {
    let (lock, modules) = (
        folder.join("package-lock.json"),
        folder.join("node_modules"),
    );
    let noted = fs::read(modules.join(INSTALLED_LOCK)).ok();
    if noted.is_some() {
        return noted == fs::read(&lock).ok();
    }
    match (
        modified(&modules.join(".package-lock.json")),
        modified(&lock),
    ) {
        (Some(installed), Some(wanted)) => installed >= wanted,
        _ => false,
    }
}

/// Builds the web app when any of its sources is newer than what was built.
pub fn build_if_stale(folder: &Path) -> Result<(), String> {
    let built = modified(&folder.join("dist/index.html"));
    if built.is_some() && built >= newest_source(folder) {
        return Ok(());
    }
    println!("   构建网页 building the web app …");
    build(folder)
}

/// Builds the web app.
pub fn build(folder: &Path) -> Result<(), String> {
    succeed(npm(folder, &["run", "--silent", "build"]))
}

fn newest_source(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let sources = entries.filter(|path| !is_made(path));
    sources.filter_map(|path| newest(&path)).max()
}

fn is_made(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    ["dist", "node_modules", "test-results"]
        .iter()
        .any(|made| name == *made)
}

/// The newest time in a tree. A folder counts too: it changes when a file goes.
fn newest(path: &Path) -> Option<SystemTime> {
    let own = modified(path);
    let inner = fs::read_dir(path).into_iter().flatten().flatten();
    inner
        .filter_map(|entry| newest(&entry.path()))
        .chain(own)
        .max()
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path)
        .and_then(|metadata| metadata.modified())
        .ok()
}

fn major_version(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

fn name_of(folder: &Path) -> String {
    folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The folder of the web app.
pub fn folder() -> PathBuf {
    crate::repository::root().join("web")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_node_says() {
        assert_eq!(major_version("v20.20.2\n"), Some(20));
        assert_eq!(major_version("v8.0.0"), Some(8));
        assert_eq!(major_version("nonsense"), None);
    }
}
