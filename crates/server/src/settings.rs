//! The command line: what `stairwell` can be asked to do, and with what.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use model::{PersonId, Role};
use serde::{Deserialize, Serialize};

/// 楼道 Stairwell：网格员离线走访记录 / offline field notes for grid workers.
#[derive(Debug, Parser)]
#[command(name = "stairwell", version)]
pub struct CommandLine {
    /// 数据文件夹 / the data folder
    #[arg(long, global = true, default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// 做什么 / what to do
    #[command(subcommand)]
    pub command: TopCommand,
}

/// Everything the program does.
#[derive(Debug, Subcommand)]
pub enum TopCommand {
    /// 启动平台 / run the service
    Serve(ServeSettings),
    /// 人员 / people
    #[command(subcommand)]
    Person(PersonCommand),
    /// 导入台账（.xlsx 或 .csv）/ import a ledger
    Import {
        /// 台账文件 / the ledger
        file: PathBuf,
        /// 社区名称，第一次导入必写 / the community's name, needed for the first import
        #[arg(long, value_name = "NAME")]
        community: Option<String>,
        /// 只检查，不写入 / check only, write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// 导出全部文档（.automerge 与 .json）/ export every document
    Export {
        /// 导出到哪里，必须是空文件夹 / where to; must be empty
        folder: PathBuf,
    },
    /// 重建索引并重算全部摘要 / rebuild the index and recompute all summaries
    Rebuild,
    /// 检查数据文件夹里的一切，不改动任何东西 / check everything in the data folder, altering nothing
    Fsck,
    /// 压缩修改很多的文档 / put documents of many changes into one piece each
    Compact,
    /// 备份数据文件夹，平台运行时也可以 / back the data folder up, also while the service runs
    Backup {
        /// 备份到哪里，必须是空文件夹 / where to; must be empty
        folder: PathBuf,
    },
    /// 把备份恢复到 --data，那里必须是空的 / restore a backup into --data, which must be empty
    Restore {
        /// 备份的文件夹 / the backup
        backup: PathBuf,
    },
}

/// How the service runs.
#[derive(Debug, Clone, Args)]
pub struct ServeSettings {
    /// 监听地址 / the address to listen on
    #[arg(long, default_value = "127.0.0.1:8470", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// 手机访问的网址，写进登记链接 / the address phones use, for enrolment links
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// 证书链（PEM），由程序直接提供 HTTPS / the certificate chain; the program then speaks HTTPS itself
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// 证书的私钥（PEM）/ the certificate's private key
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// 本机有反向代理（nginx、Caddy），相信它写的 X-Forwarded-For / a proxy on this machine says whom it serves
    #[arg(long)]
    pub behind_proxy: bool,
    /// 演练：空文件夹里生成一个演练社区 / fill an empty folder with a practice community
    #[arg(long)]
    pub practice: bool,
    /// 演练走访数量的倍数，0 为没有走访 / times as many practice visits; 0 for none
    #[arg(long, default_value_t = 1, requires = "practice", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub scale: u32,
    /// 用这个文件夹里的网页，而不是程序自带的 / serve the web app from this folder
    #[arg(long, value_name = "DIR")]
    pub web: Option<PathBuf>,
}

/// What can be done about people.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonCommand {
    /// 添加人员并给出登记链接 / add a person and give an enrolment link
    Add {
        /// 姓名 / the name
        #[arg(long)]
        name: String,
        /// grid_worker 网格员，community_supervisor 社区管理员
        #[arg(long)]
        role: Role,
        /// 网格名称，可写多次 / the grid's name; may be given more than once
        #[arg(
            long = "grid",
            value_name = "NAME",
            required_if_eq("role", "grid_worker")
        )]
        #[serde(default)]
        grids: Vec<String>,
        /// 社区名称，只有一个社区时可不写 / the community's name, where there are several
        #[arg(long, value_name = "NAME")]
        #[serde(default)]
        community: Option<String>,
    },
    /// 列出人员 / list people
    List,
    /// 再给一个登记链接 / give another enrolment link
    Link {
        /// 人员编号（见 person list）/ the person's id, from `person list`
        id: PersonId,
    },
}

/// A command that works on the data folder, whether or not the service runs: the same value is
/// executed in this process or sent to the serving one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// About people.
    Person(PersonCommand),
    /// Import a ledger; the path is absolute.
    Import {
        /// The ledger.
        file: PathBuf,
        /// The community's name; may be absent where there is exactly one.
        #[serde(default)]
        community: Option<String>,
        /// Check only.
        dry_run: bool,
    },
    /// Export every document; the path is absolute.
    Export {
        /// Where to.
        folder: PathBuf,
    },
    /// Rebuild the index and recompute all summaries.
    Rebuild,
    /// Check everything.
    Fsck,
    /// Compact documents of many changes.
    Compact,
}

impl Command {
    /// What is done, and not to whom: for logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Person(PersonCommand::Add { .. }) => "person add",
            Self::Person(PersonCommand::List) => "person list",
            Self::Person(PersonCommand::Link { .. }) => "person link",
            Self::Import { .. } => "import",
            Self::Export { .. } => "export",
            Self::Rebuild => "rebuild",
            Self::Fsck => "fsck",
            Self::Compact => "compact",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn a_grid_worker_needs_a_grid_and_a_supervisor_none() {
        let parse = |words: &str| CommandLine::try_parse_from(words.split(' '));
        assert!(parse("stairwell person add --name 陈小满 --role grid_worker").is_err());
        assert!(
            parse("stairwell person add --name 陈小满 --role grid_worker --grid 第一网格").is_ok()
        );
        assert!(parse("stairwell person add --name 周明月 --role community_supervisor").is_ok());
    }

    #[test]
    fn a_command_survives_its_way_through_the_admin_socket() {
        let command = Command::Person(PersonCommand::Add {
            name: "陈小满".into(),
            role: Role::GridWorker,
            grids: vec!["第一网格".into()],
            community: None,
        });
        let text = serde_json::to_string(&command).unwrap();
        assert_eq!(serde_json::from_str::<Command>(&text).unwrap(), command);
    }
}
