//! Calls into steps: what each did to which file or folder, and from when on a
//! power cut could no longer take it away.
//!
//! A step on a file is durable once an `fsync` or `fdatasync` of that file has
//! come back that began after the step had ended; a name once its folder was
//! synced so. `sync_file_range` makes nothing durable.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::steps::{Before, Change, NodeId, ROOT, Sent, Step};
use super::trace::{Call, Moment, NEVER};
use super::tree::{Entry, Folder};
use crate::CrashError;

/// Everything that was done to a folder.
#[derive(Clone, Debug)]
pub struct Recording {
    /// What was there before, by node.
    pub before: Vec<Before>,
    /// The steps on each node, in order.
    pub steps: Vec<Vec<Step>>,
    /// What was sent.
    pub sent: Vec<Sent>,
    /// The moment after the last.
    pub end: Moment,
    root: PathBuf,
    names: Vec<BTreeMap<String, NodeId>>,
    lengths: Vec<u64>,
    open: HashMap<i64, OpenFile>,
}

#[derive(Clone, Copy, Debug)]
struct OpenFile {
    node: NodeId,
    offset: u64,
    appends: bool,
}

impl Recording {
    /// Nothing yet, of the folder at `root`, which holds `before`.
    pub fn new(root: &Path, before: &Folder) -> Self {
        let mut recording = Self {
            before: Vec::new(),
            steps: Vec::new(),
            sent: Vec::new(),
            end: 0,
            root: root.to_path_buf(),
            names: Vec::new(),
            lengths: Vec::new(),
            open: HashMap::new(),
        };
        recording.take_folder(before);
        recording
    }

    fn take_folder(&mut self, folder: &Folder) -> NodeId {
        let node = self.add(Before::Folder(BTreeMap::new()));
        let mut names = BTreeMap::new();
        for (name, entry) in folder {
            let inside = match entry {
                Entry::File(bytes) => self.add(Before::File(Arc::clone(bytes))),
                Entry::Folder(folder) => self.take_folder(folder),
            };
            names.insert(name.clone(), inside);
        }
        self.names[node] = names.clone();
        self.before[node] = Before::Folder(names);
        node
    }

    fn add(&mut self, before: Before) -> NodeId {
        self.lengths.push(match &before {
            Before::File(bytes) => bytes.len() as u64,
            Before::Folder(_) => 0,
        });
        self.before.push(before);
        self.steps.push(Vec::new());
        self.names.push(BTreeMap::new());
        self.before.len() - 1
    }

    /// Takes the calls of one process, from its start to its end.
    pub fn take_process(&mut self, trace: &str) -> Result<(), CrashError> {
        self.open.clear();
        let (calls, end) = super::trace::read(trace, self.end)?;
        self.end = end + 1;
        calls.iter().try_for_each(|call| self.take(call))
    }

    fn take(&mut self, call: &Call) -> Result<(), CrashError> {
        if call.result.is_some_and(|result| result < 0) {
            return Ok(());
        }
        match call.name.as_str() {
            "openat" => self.open(call),
            "close" => {
                self.open.remove(&descriptor(call));
                Ok(())
            }
            "dup" | "dup2" | "dup3" => self.duplicate(call),
            "fcntl" if call.argument(1).starts_with("F_DUPFD") => self.duplicate(call),
            "lseek" => self.seek(call),
            "write" | "writev" | "sendto" | "sendmsg" => self.write_or_send(call),
            "pwrite64" | "pwritev" | "pwritev2" => self.write_at(call),
            "ftruncate" | "fallocate" => self.set_length(call),
            "fsync" | "fdatasync" => self.sync(call),
            "mkdir" | "mkdirat" => self.make_folder(call),
            "unlink" | "unlinkat" | "rmdir" => self.unlink(call),
            "rename" | "renameat" | "renameat2" => self.rename(call),
            "copy_file_range" if self.open.contains_key(&descriptor_at(call, 2)) => {
                Err(call.unreadable())
            }
            "link" | "linkat" | "symlink" | "symlinkat" => Err(call.unreadable()),
            _ => Ok(()),
        }
    }

    fn open(&mut self, call: &Call) -> Result<(), CrashError> {
        let Some(descriptor) = call.result else {
            return Ok(());
        };
        let flags: Vec<&str> = call.argument(2).split('|').collect();
        let Some((folder, name)) = self.place(call, 0, 1)? else {
            return Ok(());
        };
        let node = match self.find(folder, &name) {
            Some(node) => node,
            None if flags.contains(&"O_CREAT") => {
                let node = self.add(Before::File(Arc::default()));
                self.names[folder].insert(name.clone(), node);
                self.step(folder, call, Change::Link { name, node });
                node
            }
            None => return Ok(()),
        };
        if flags.contains(&"O_TRUNC") && self.lengths[node] > 0 {
            self.lengths[node] = 0;
            self.step(node, call, Change::Length(0));
        }
        let opened = OpenFile {
            node,
            offset: 0,
            appends: flags.contains(&"O_APPEND"),
        };
        self.open.insert(descriptor, opened);
        Ok(())
    }

    fn duplicate(&mut self, call: &Call) -> Result<(), CrashError> {
        if let (Some(new), Some(open)) = (call.result, self.open.get(&descriptor(call))) {
            self.open.insert(new, *open);
        }
        Ok(())
    }

    fn seek(&mut self, call: &Call) -> Result<(), CrashError> {
        if let (Some(to), Some(open)) = (call.result, self.open.get_mut(&descriptor(call))) {
            open.offset = to.unsigned_abs();
        }
        Ok(())
    }

    fn write_or_send(&mut self, call: &Call) -> Result<(), CrashError> {
        let mut bytes = match call.name.as_str() {
            "write" | "sendto" => call.bytes(1)?,
            _ => call.pieces(1)?,
        };
        if let Some(written) = call.result {
            bytes.truncate(written.unsigned_abs() as usize);
        }
        let Some(open) = self.open.get_mut(&descriptor(call)) else {
            self.sent.push(Sent {
                began: call.began,
                bytes,
            });
            return Ok(());
        };
        let node = open.node;
        let at = if open.appends {
            self.lengths[node]
        } else {
            open.offset
        };
        open.offset = at + bytes.len() as u64;
        self.bytes(node, call, at, bytes);
        Ok(())
    }

    fn write_at(&mut self, call: &Call) -> Result<(), CrashError> {
        let Some(open) = self.open.get(&descriptor(call)).copied() else {
            return Ok(());
        };
        let mut bytes = match call.name.as_str() {
            "pwrite64" => call.bytes(1)?,
            _ => call.pieces(1)?,
        };
        if let Some(written) = call.result {
            bytes.truncate(written.unsigned_abs() as usize);
        }
        self.bytes(open.node, call, call.number(3)?, bytes);
        Ok(())
    }

    fn bytes(&mut self, node: NodeId, call: &Call, at: u64, bytes: Vec<u8>) {
        // A call that never came back may have moved nothing; what follows it cannot
        // come from this process anyway.
        if call.ended != NEVER {
            self.lengths[node] = self.lengths[node].max(at + bytes.len() as u64);
        }
        self.step(node, call, Change::Bytes { at, bytes });
    }

    fn set_length(&mut self, call: &Call) -> Result<(), CrashError> {
        let Some(open) = self.open.get(&descriptor(call)).copied() else {
            return Ok(());
        };
        let length = match call.name.as_str() {
            "ftruncate" => call.number(1)?,
            _ if call.argument(1) == "0" => {
                self.lengths[open.node].max(call.number(2)? + call.number(3)?)
            }
            _ => return Err(call.unreadable()),
        };
        self.lengths[open.node] = length;
        self.step(open.node, call, Change::Length(length));
        Ok(())
    }

    fn sync(&mut self, call: &Call) -> Result<(), CrashError> {
        let (Some(0), Some(open)) = (call.result, self.open.get(&descriptor(call))) else {
            return Ok(());
        };
        for step in &mut self.steps[open.node] {
            if step.durable == NEVER && step.ended < call.began {
                step.durable = call.ended;
            }
        }
        Ok(())
    }

    fn make_folder(&mut self, call: &Call) -> Result<(), CrashError> {
        let Some((folder, name)) = self.place_of_name(call)? else {
            return Ok(());
        };
        let node = self.add(Before::Folder(BTreeMap::new()));
        self.names[folder].insert(name.clone(), node);
        self.step(folder, call, Change::Link { name, node });
        Ok(())
    }

    fn unlink(&mut self, call: &Call) -> Result<(), CrashError> {
        let Some((folder, name)) = self.place_of_name(call)? else {
            return Ok(());
        };
        // A socket is no file and was never given a node.
        if self.names[folder].remove(&name).is_some() {
            self.step(folder, call, Change::Unlink { name });
        }
        Ok(())
    }

    fn rename(&mut self, call: &Call) -> Result<(), CrashError> {
        let (from, to) = match call.name.as_str() {
            "rename" => (self.place_absolute(call, 0)?, self.place_absolute(call, 1)?),
            _ => (self.place(call, 0, 1)?, self.place(call, 2, 3)?),
        };
        let (Some((folder, from)), Some((same, to))) = (from, to) else {
            return Ok(());
        };
        if folder != same {
            return Err(call.unreadable());
        }
        if let Some(node) = self.names[folder].remove(&from) {
            self.names[folder].insert(to.clone(), node);
            self.step(folder, call, Change::Rename { from, to });
        }
        Ok(())
    }

    fn step(&mut self, node: NodeId, call: &Call, change: Change) {
        self.steps[node].push(Step {
            began: call.began,
            ended: call.ended,
            durable: NEVER,
            change,
        });
    }

    fn place_of_name(&self, call: &Call) -> Result<Option<(NodeId, String)>, CrashError> {
        if call.name.ends_with("at") {
            self.place(call, 0, 1)
        } else {
            self.place_absolute(call, 0)
        }
    }

    fn place_absolute(
        &self,
        call: &Call,
        path: usize,
    ) -> Result<Option<(NodeId, String)>, CrashError> {
        let path = PathBuf::from(String::from_utf8_lossy(&call.bytes(path)?).into_owned());
        let inside = path.strip_prefix(&self.root).ok();
        Ok(inside.and_then(|inside| self.walk(ROOT, inside)))
    }

    /// The folder and the name that a path names, if it lies in the recorded folder.
    /// The recorded folder itself is the empty name in itself.
    fn place(
        &self,
        call: &Call,
        base: usize,
        path: usize,
    ) -> Result<Option<(NodeId, String)>, CrashError> {
        let text = String::from_utf8_lossy(&call.bytes(path)?).into_owned();
        if text.starts_with('/') {
            return self.place_absolute(call, path);
        }
        let base = self.open.get(&descriptor_at(call, base));
        Ok(base.and_then(|open| self.walk(open.node, Path::new(&text))))
    }

    fn walk(&self, from: NodeId, path: &Path) -> Option<(NodeId, String)> {
        let mut names: Vec<String> = path
            .iter()
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        let last = names.pop().unwrap_or_default();
        let folder = names
            .iter()
            .try_fold(from, |folder, name| self.find(folder, name))?;
        Some((folder, last))
    }

    fn find(&self, folder: NodeId, name: &str) -> Option<NodeId> {
        match name {
            "" => Some(folder),
            name => self.names[folder].get(name).copied(),
        }
    }
}

fn descriptor(call: &Call) -> i64 {
    descriptor_at(call, 0)
}

/// No descriptor is negative, so what is no number finds nothing.
fn descriptor_at(call: &Call, nth: usize) -> i64 {
    call.argument(nth).parse().unwrap_or(-1)
}
