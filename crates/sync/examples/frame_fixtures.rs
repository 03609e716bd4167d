//! Writes `tests/fixtures/frames.json`, `lean.json` and `rescue.json`: every frame as bytes and
//! as JSON, for the clients in other languages. `tests/frames.rs` holds the file to the code.
//!
//! `cargo run -p stairwell-sync --example frame_fixtures`

#[path = "../tests/frame_cases/mod.rs"]
mod frame_cases;

fn main() -> std::io::Result<()> {
    std::fs::write(frame_cases::FILE, frame_cases::fixture_text())?;
    std::fs::write(frame_cases::lean::FILE, frame_cases::lean::fixture_text())?;
    std::fs::write(
        frame_cases::rescue::FILE,
        frame_cases::rescue::fixture_text(),
    )
}
