//! The sentences of [`StoreError`] for people: what happened, what is safe and
//! what to do. Chinese first, then English.

use crate::StoreError;

impl StoreError {
    /// The sentences in Chinese.
    pub fn text_zh(&self) -> String {
        match self {
            StoreError::DiskFull { path } => format!(
                "磁盘已满，无法写入 {}。已确认送达的记录都还在，没有丢失。请腾出空间，然后重新启动程序。",
                path.display()
            ),
            StoreError::ReadOnly { path } => format!(
                "没有权限写入 {}，或磁盘是只读的。已有的记录没有变动。请检查数据文件夹的权限和磁盘，然后重新启动程序。",
                path.display()
            ),
            StoreError::Locked { folder } => format!(
                "数据文件夹 {} 正被另一个“楼道”程序使用。数据没有变动。请先停止那个程序，或换一个数据文件夹。",
                folder.display()
            ),
            StoreError::Damaged {
                file,
                offset,
                finding,
            } => format!(
                "文件 {} 在第 {offset} 字节处已损坏（{finding}）。程序没有改动这个文件，损坏处之前的内容仍然完好。请先备份整个数据文件夹，检查磁盘，再用备份恢复这个文件。",
                file.display()
            ),
            StoreError::NewerFormat { found, known } => format!(
                "数据文件夹由更新版本的程序写成（格式 {found}，本程序只认识到格式 {known}）。数据没有变动。请换用新版本的程序打开。"
            ),
            StoreError::NotAStore { path } => format!(
                "{} 不像是“楼道”的数据。程序没有改动它。请检查数据文件夹的位置是否正确。",
                path.display()
            ),
            StoreError::Disk { path, cause } => format!(
                "读写 {} 时出错：{cause}。已确认送达的记录不受影响。请检查磁盘，然后重新启动程序。",
                path.display()
            ),
            StoreError::Index { cause } => format!(
                "索引出错：{cause}。记录本身在日志里，没有丢失。请重新启动程序，索引会自动重建。"
            ),
            StoreError::Stopped { because } => format!(
                "因为先前一次写入失败，程序已停止接收新的记录。{}",
                because.text_zh()
            ),
            StoreError::WriterGone => "负责写入的线程意外停止，程序已停止接收新的记录。已确认送达的记录都还在。请重新启动程序。".into(),
            StoreError::TooLarge { what, bytes, limit } => format!(
                "一次写入的内容太大（{what}：{bytes} 字节，上限 {limit} 字节）。什么也没有写入。请分成几次写入。"
            ),
            StoreError::KindMismatch { document } => format!(
                "文档 {document} 已经是另一种类型。什么也没有写入，原有内容没有变动。"
            ),
            StoreError::KeyExists { person } => format!(
                "{person} 已经有另一把密钥。原有密钥没有变动，也没有写入新的。"
            ),
        }
    }

    /// The sentences in English.
    pub fn text_en(&self) -> String {
        match self {
            StoreError::DiskFull { path } => format!(
                "The disk is full: {} could not be written. Everything that was acknowledged is safe. Free some space, then start the program again.",
                path.display()
            ),
            StoreError::ReadOnly { path } => format!(
                "{} may not be written, or the disk is read-only. What is kept has not been touched. Check the data folder's permissions and the disk, then start the program again.",
                path.display()
            ),
            StoreError::Locked { folder } => format!(
                "Another Stairwell program is using the data folder {}. Nothing was touched. Stop that program first, or choose another folder.",
                folder.display()
            ),
            StoreError::Damaged {
                file,
                offset,
                finding,
            } => format!(
                "The file {} is damaged at byte {offset} ({finding}). The file was not touched, and what stands in it before the damage is good. Copy the whole data folder away, check the disk, then restore this file from a backup.",
                file.display()
            ),
            StoreError::NewerFormat { found, known } => format!(
                "A newer program wrote this data folder (format {found}; this program reads up to {known}). Nothing was touched. Open it with the newer program."
            ),
            StoreError::NotAStore { path } => format!(
                "{} does not look like Stairwell's data. It was not touched. Check that the data folder is the right one.",
                path.display()
            ),
            StoreError::Disk { path, cause } => format!(
                "Reading or writing {} failed: {cause}. What was acknowledged is not affected. Check the disk, then start the program again.",
                path.display()
            ),
            StoreError::Index { cause } => format!(
                "The index failed: {cause}. The records themselves are in the journal and are safe. Start the program again; it rebuilds the index."
            ),
            StoreError::Stopped { because } => format!(
                "An earlier write failed, so nothing new is taken. {}",
                because.text_en()
            ),
            StoreError::WriterGone => "The thread that writes stopped unexpectedly, so nothing new is taken. Everything that was acknowledged is safe. Start the program again.".into(),
            StoreError::TooLarge { what, bytes, limit } => format!(
                "One write was too large ({what}: {bytes} bytes, at most {limit}). Nothing was written. Write it in several parts."
            ),
            StoreError::KindMismatch { document } => format!(
                "The document {document} already has another kind. Nothing was written, and what it holds has not been touched."
            ),
            StoreError::KeyExists { person } => format!(
                "{person} already has another key. That key was kept, and nothing was written."
            ),
        }
    }
}
