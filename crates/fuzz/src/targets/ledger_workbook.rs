//! Ledgers as workbooks: as files come, and as sheets inside a sound archive, so
//! that mutation reaches past the archive.

use std::io::{Cursor, Read, Write};

use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, ZipArchive};

use super::ledger_text::read_and_plan;
use crate::chance::Chance;
use crate::{Target, mutate, parts};

/// A file that begins with `PK`, or parts: the entries of `ENTRIES` in order.
pub const TARGET: Target = Target {
    name: "ledger_workbook",
    run,
    seeds,
    mutate: mutate_entries,
    memory_bytes: 256 << 20,
    mutations: 600,
};

const SAMPLE: &[u8] = include_bytes!("../../../../docs/examples/家底台账示例.xlsx");

const ENTRIES: [&str; 6] = [
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml",
];

fn run(input: &[u8]) {
    if input.starts_with(b"PK") {
        return read_and_plan("台账.xlsx", input);
    }
    let mut entries = parts::split(input);
    entries.resize_with(ENTRIES.len(), Vec::new);
    // Whoever left an entry empty meant the usual one.
    let usual = usual_entries();
    for (entry, usual) in entries.iter_mut().zip(&usual) {
        if entry.is_empty() {
            entry.clone_from(usual);
        }
    }
    read_and_plan("台账.xlsx", &archive(&entries));
}

fn archive(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in ENTRIES.iter().zip(entries) {
        writer.start_file(*name, stored).expect("the name is new");
        writer.write_all(bytes).expect("memory takes it");
    }
    writer.finish().expect("memory takes it").into_inner()
}

/// The smallest workbook there is, with one sheet of four cells.
fn usual_entries() -> [Vec<u8>; 6] {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    [
        format!(
            r#"<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>楼栋</t></is></c><c r="B1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row r="2"><c r="A2"><v>3</v></c><c r="B2"><v>501</v></c><c r="C2" t="str"><v>一网格</v></c></row><row r="3"><c r="B3" s="1"><v>36526</v></c><c r="C3" t="e"><v>#N/A</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells></worksheet>"#
        ),
        format!(
            r#"<sst xmlns="{MAIN}" count="2" uniqueCount="2"><si><t>门牌</t></si><si><t>网格</t></si></sst>"#
        ),
        format!(
            r#"<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
        ),
        format!(
            r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="家底" sheetId="1" r:id="rId1"/></sheets></workbook>"#
        ),
        format!(
            r#"<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>"#
        ),
        format!(r#"<Types xmlns="{PACKAGE}/content-types"/>"#),
    ]
    .map(String::into_bytes)
}

fn mutate_entries(input: &mut Vec<u8>, chance: &mut Chance) {
    if input.starts_with(b"PK") {
        return mutate::bytes(input, chance);
    }
    parts::mutate(input, chance, |entry, chance| {
        if chance.once_in(2) {
            return mutate::bytes(entry, chance);
        }
        // Another number, reference or attribute in the place of one.
        const WORDS: [&str; 12] = [
            "A1",
            "XFD1048576",
            "A1:XFD1048576",
            "-1",
            "4294967296",
            "1e308",
            "t=\"s\"",
            "t=\"d\"",
            "<c/>",
            "&#0;",
            "\" r=\"B2",
            "</row>",
        ];
        let word = WORDS[chance.below(WORDS.len())];
        let at = chance.below(entry.len() + 1);
        let end = (at + chance.below(word.len() + 1)).min(entry.len());
        drop(entry.splice(at..end, word.bytes()));
    });
}

fn seeds() -> Vec<Vec<u8>> {
    let usual = usual_entries();
    vec![
        SAMPLE.to_vec(),
        parts::join(&usual),
        parts::join(&usual[..2]),
        parts::join(&sample_entries()),
    ]
}

/// The sample's entries, taken out of it.
fn sample_entries() -> Vec<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(SAMPLE)).expect("the sample is a workbook");
    let mut entry_of = |name: &str| {
        let mut bytes = Vec::new();
        let mut entry = archive.by_name(name).expect("the sample has it");
        entry.read_to_end(&mut bytes).expect("it is whole");
        bytes
    };
    ENTRIES.iter().map(|name| entry_of(name)).collect()
}
