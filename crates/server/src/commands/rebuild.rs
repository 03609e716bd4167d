//! `rebuild`: every summary made anew.

use super::{Listener, Said};
use crate::failure::Failure;
use crate::office::{Office, remake_all};

/// Makes every summary anew while the service may be running. The index of the store itself is
/// rebuilt when the program opens the folder for this command alone.
pub fn execute(office: &Office, say: Listener<'_>) -> Result<(), Failure> {
    let remade = remake_all(office, &mut |step| say(Said::Progress(step)))?;
    say(Said::Line(format!(
        "已重算 {remade} 份摘要；索引在平台停止后运行 rebuild 时才重建 / {remade} summaries made anew; the index is rebuilt when this is run while the service is stopped"
    )));
    Ok(())
}
