//! Writing: reports to stdout and files, complaints to stderr.

use super::{Failure, World};
use crate::{
    report::{self, Format, Report, human::Style},
    text::Untrusted,
};
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Columns where there is no terminal to ask.
const DEFAULT_WIDTH: usize = 100;

/// Prints to stdout; a report that nobody received is a failure.
pub fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(Failure::output)
}

/// Says something on stderr; if even that cannot be written, the exit code still says it.
pub fn complain(text: &str) {
    drop(io::stderr().lock().write_all(format!("{text}\n").as_bytes()));
}

/// Writes the report to stdout in `format` and to every further output.
pub fn deliver(
    report: &Report,
    format: Format,
    further: &[(Format, PathBuf)],
    world: &World,
) -> Result<(), Failure> {
    // Files first: a closed pipe on stdout must not cost the reports that a pipeline keeps.
    for (format, path) in further {
        let style = Style { colour: false, ..style(world) };
        let shown = Untrusted::new(path.to_string_lossy());
        write(path, render(report, *format, &style).as_bytes())
            .map_err(|error| Failure::output(format!("{shown}: {error}")))?;
    }
    print(render(report, format, &style(world)).as_bytes())
}

/// The report as text. What a format cannot express is said, and leaves the exit code to the verdict.
pub fn render(report: &Report, format: Format, style: &Style) -> String {
    match report::render(report, format, style) {
        Ok(text) => {
            if format == Format::Vsa {
                complain(
                    "note: the verification summaries are unsigned; sign them before others rely on them",
                );
            }
            text
        }
        Err(error) => {
            complain(&format!("note: {error}"));
            String::new()
        }
    }
}

/// How the human report is set.
pub fn style(world: &World) -> Style {
    let width = world.width.unwrap_or(DEFAULT_WIDTH).clamp(40, 160);
    Style { width, colour: world.colour, unicode: true }
}

/// Writes a whole file, or leaves the old one: it appears under its name only when it is complete.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A device or a pipe, such as /dev/stderr, cannot be replaced by a rename.
    if std::fs::metadata(path).is_ok_and(|meta| !meta.is_file()) {
        return std::fs::write(path, bytes);
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let written = std::fs::write(&partial, bytes).and_then(|()| std::fs::rename(&partial, path));
    if written.is_err() {
        drop(std::fs::remove_file(&partial));
    }
    written
}
