//! Writes what the detectors answer today into every case file: `cargo run -p muster-detectors --example accept_cases`.
//!
//! Review the difference as you would code: it is what a person will see.

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/detectors/case.rs"]
mod case;

fn main() -> std::io::Result<()> {
    for file in case::case_files() {
        let text = std::fs::read_to_string(&file)?;
        let kept = text.split("-- expected --\n").next().unwrap_or("");
        let answer = case::Case::parse(&text).answer();
        std::fs::write(&file, format!("{kept}-- expected --\n{answer}"))?;
    }
    Ok(())
}
