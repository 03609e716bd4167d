//! `person add`, `person list`, `person link`.

use model::{DocumentId, FeedId, PersonId, Role};

use super::{Listener, Said, link_to, public_url};
use crate::clock::now_ms;
use crate::failure::Failure;
use crate::office::Office;
use crate::people::PersonRecord;
use crate::settings::PersonCommand;

/// Does what the command says.
pub fn execute(office: &Office, command: PersonCommand, say: Listener<'_>) -> Result<(), Failure> {
    match command {
        PersonCommand::Add {
            name,
            role,
            grids,
            community,
        } => add(office, &name, role, &grids, community.as_deref(), say),
        PersonCommand::List => {
            office
                .people
                .people()
                .iter()
                .for_each(|person| say(Said::Line(describe(office, person))));
            Ok(())
        }
        PersonCommand::Link { id } => link(office, id, say),
    }
}

fn add(
    office: &Office,
    name: &str,
    role: Role,
    grids: &[String],
    community: Option<&str>,
    say: Listener<'_>,
) -> Result<(), Failure> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Failure::new("姓名不能为空", "the name is empty"));
    }
    let community = find_community(office, community)?;
    let grids = grids
        .iter()
        .map(|grid| find_grid(office, community, grid))
        .collect::<Result<Vec<_>, _>>()?;
    let person = office
        .people
        .add_person(name, role, community, grids, now_ms())?;
    say(Said::Line(describe(office, &person)));
    link(office, person.id, say)
}

fn link(office: &Office, id: PersonId, say: Listener<'_>) -> Result<(), Failure> {
    let person = office
        .people
        .person(id)
        .ok_or_else(|| Failure::new("没有这个人", "there is no such person"))?;
    let url = link_to(office, id, &public_url(&*office.store)?)?;
    say(Said::Link {
        name: person.name,
        role: person.role.to_string(),
        url,
    });
    say(Said::Line(
        "链接十分钟内有效，只能登记一台设备。 / The link lives ten minutes and enrols one device."
            .to_owned(),
    ));
    Ok(())
}

fn describe(office: &Office, person: &PersonRecord) -> String {
    let grids = office
        .feeds_of(person)
        .into_iter()
        .filter(|named| named.kind == "grid");
    let grids: Vec<String> = grids.map(|named| named.name).collect();
    format!(
        "{}  {}  {}  {}",
        person.id,
        person.name,
        person.role,
        grids.join("、")
    )
}

fn find_community(office: &Office, named: Option<&str>) -> Result<DocumentId, Failure> {
    let desk = office.desk.read();
    let communities = desk.communities();
    let names = || {
        communities
            .iter()
            .map(|(_, summary)| summary.name.as_str())
            .collect::<Vec<_>>()
            .join("、")
    };
    match (named, communities.as_slice()) {
        (_, []) => Err(Failure::new(
            "还没有社区，请先导入台账（stairwell import）",
            "there is no community yet: import a ledger first (stairwell import)",
        )),
        (None, [(id, _)]) => Ok(*id),
        (None, _) => Err(Failure::new(
            &format!("有几个社区（{}），请用 --community 写明是哪一个", names()),
            "there are several communities: name one with --community",
        )),
        (Some(name), _) => communities
            .iter()
            .find(|(_, summary)| summary.name == name)
            .map(|(id, _)| *id)
            .ok_or_else(|| {
                let zh = format!("没有叫“{name}”的社区，现有：{}", names());
                Failure::new(&zh, &format!("there is no community called “{name}”"))
            }),
    }
}

fn find_grid(office: &Office, community: DocumentId, name: &str) -> Result<FeedId, Failure> {
    let desk = office.desk.read();
    let grids = desk.community(community).map(|summary| &summary.grids);
    let mut grids = grids.into_iter().flatten();
    let all: Vec<&str> = grids.clone().map(|(_, grid)| grid.name.as_str()).collect();
    grids
        .find(|(_, grid)| grid.name == name)
        .map(|(feed, _)| *feed)
        .ok_or_else(|| {
            let zh = format!("没有叫“{name}”的网格，现有：{}", all.join("、"));
            Failure::new(
                &zh,
                &format!(
                    "there is no grid called “{name}”; there are: {}",
                    all.join(", ")
                ),
            )
        })
}
