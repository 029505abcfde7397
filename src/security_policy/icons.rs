//! What the icons of status cells say, by character and by `:code:`.
//!
//! The rule that must not be broken: an icon says yes or no only if everybody reads it so; colours between green and
//! red say nothing without a legend.

/// What an icon says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Yes,
    No,
    /// A sign that only a legend can explain.
    Amber,
    /// Under construction.
    Development,
    /// A mark that a translation broke, and what it was.
    Broken(bool),
}

/// The codes of icons, without their colons.
const CODES: [(&str, Sign); 37] = [
    ("white_check_mark", Sign::Yes),
    ("heavy_check_mark", Sign::Yes),
    ("ballot_box_with_check", Sign::Yes),
    ("check_mark", Sign::Yes),
    ("green_circle", Sign::Yes),
    ("large_green_circle", Sign::Yes),
    ("thumbsup", Sign::Yes),
    ("+1", Sign::Yes),
    ("x", Sign::No),
    ("cross_mark", Sign::No),
    ("no_entry", Sign::No),
    ("no_entry_sign", Sign::No),
    ("heavy_multiplication_x", Sign::No),
    ("negative_squared_cross_mark", Sign::No),
    ("red_circle", Sign::No),
    ("stop_sign", Sign::No),
    ("thumbsdown", Sign::No),
    ("-1", Sign::No),
    ("warning", Sign::Amber),
    ("yellow_circle", Sign::Amber),
    ("large_yellow_circle", Sign::Amber),
    ("orange_circle", Sign::Amber),
    ("large_orange_circle", Sign::Amber),
    ("large_blue_circle", Sign::Amber),
    ("blue_circle", Sign::Amber),
    ("brown_circle", Sign::Amber),
    ("white_circle", Sign::Amber),
    ("black_circle", Sign::Amber),
    ("question", Sign::Amber),
    ("grey_question", Sign::Amber),
    ("hourglass", Sign::Amber),
    ("clock1", Sign::Amber),
    ("hammer", Sign::Development),
    ("construction", Sign::Development),
    ("х", Sign::Broken(false)),
    ("marca_de_verificación_blanca", Sign::Broken(true)),
    ("marca_de_verificacion_blanca", Sign::Broken(true)),
];

/// The icon of a code, in lower case, with its name.
pub(super) fn coded(code: &str) -> Option<(&'static str, Sign)> {
    CODES.into_iter().find(|(name, _)| *name == code)
}

/// Whether a text has an icon that says no, or one that a translation broke.
pub(super) fn denies(text: &str) -> bool {
    let says_no = |sign| matches!(sign, Some(Sign::No | Sign::Broken(false)));
    text.chars().any(|c| says_no(sign_of(c)))
        || text
            .split(':')
            .skip(1)
            .any(|code| code.len() < 40 && says_no(coded(&code.to_lowercase()).map(|(_, sign)| sign)))
}

/// Whether a text has an icon of what is not done yet.
pub(super) fn is_to_do(text: &str) -> bool {
    const CODES: [&str; 8] = [
        ":construction:",
        ":hourglass:",
        ":hourglass_flowing_sand:",
        ":soon:",
        ":white_large_square:",
        ":white_medium_square:",
        ":black_square_button:",
        ":white_square_button:",
    ];
    let is_mark =
        |c: char| matches!(c, '🚧' | '⏳' | '⌛' | '⬜' | '◻' | '☐' | '🔲' | '🔳' | '▢' | '🔜' | '❓' | '❔');
    text.contains(is_mark) || (text.contains(':') && CODES.iter().any(|code| text.contains(code)))
}

/// Whether a cell begins with a sign that says neither yes nor no.
pub(super) fn is_amber(cell: &str) -> bool {
    let first = cell.trim_start().chars().next();
    matches!(first.and_then(sign_of), Some(Sign::Amber | Sign::Development))
}

/// What a character says, if it is an icon that says something.
pub(super) const fn sign_of(c: char) -> Option<Sign> {
    Some(match c {
        '✅' | '✔' | '✓' | '☑' | '🟢' | '🟩' | '👍' | '🆗' | '🗸' => Sign::Yes,
        '❌' | '✖' | '✗' | '✘' | '❎' | '⛔' | '🚫' | '🔴' | '🟥' | '🛑' | '👎' => Sign::No,
        '⚠' | '🟡' | '🟠' | '🔵' | '🟤' | '🟣' | '⚪' | '⚫' | '🟨' | '🟧' | '⏳' | '⌛' | '❓' | '❔'
        | '🔶' | '🔷'
        // A box with a cross is ticked for some, and crossed out for others.
        | '☒'
        // Tools are of development for some, and of maintenance for others.
        | '🛠' => Sign::Amber,
        '🔨' | '🚧' => Sign::Development,
        _ => return None,
    })
}
