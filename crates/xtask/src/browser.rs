//! What the browser tests need of the machine: a Chromium and a Chinese font.

use std::path::{Path, PathBuf};

use crate::command::{command, output_of};
use crate::packages::{install, may_install};

/// Where Chromium usually is.
const USUAL_PLACES: [&str; 5] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// A Chromium that is there with a Chinese font beside it. Installs both when it
/// may, and otherwise names them.
pub fn require_browser() -> Result<PathBuf, String> {
    let has_font = has_chinese_font();
    if let Some(browser) = find_browser().filter(|_| has_font) {
        return Ok(browser);
    }
    if !may_install() {
        return Err(what_to_install(has_font));
    }
    println!("   安装 Chromium 和中文字体 installing Chromium and a Chinese font …");
    install(&["chromium", "fonts-noto-cjk", "fontconfig"])?;
    find_browser().ok_or_else(|| what_to_install(has_chinese_font()))
}

fn find_browser() -> Option<PathBuf> {
    let named = std::env::var_os("CHROME_PATH").map(PathBuf::from);
    let usual = USUAL_PLACES.iter().map(PathBuf::from);
    named.into_iter().chain(usual).find(|path| path.exists())
}

/// Without `fc-list` one cannot ask; then the font is taken to be there, as it
/// is on every desktop system that has none of it.
fn has_chinese_font() -> bool {
    let fonts = output_of(command(Path::new("."), "fc-list", &[":lang=zh"]));
    fonts.is_none_or(|fonts| !fonts.trim().is_empty())
}

fn what_to_install(has_font: bool) -> String {
    let font = if has_font {
        ""
    } else {
        " + 中文字体 a Chinese font"
    };
    format!(
        "浏览器测试需要 Chromium{font}。the browser tests need Chromium{font}:\n\
         \x20  Debian, Ubuntu   sudo apt-get install chromium fonts-noto-cjk\n\
         \x20  Fedora           sudo dnf install chromium google-noto-sans-cjk-fonts\n\
         \x20  macOS            brew install --cask google-chrome\n\
         \x20  别处 elsewhere    CHROME_PATH=/path/to/chromium cargo xtask test --e2e"
    )
}
