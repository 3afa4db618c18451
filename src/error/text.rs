//! Text of others made fit for a line of ours.

/// The text on one line: runs of white space and control characters become one space, and what is too long ends in `…`.
///
/// Takes time for what it keeps, not for what it drops, so it may be given a body of any size.
pub(crate) fn one_line(text: &str, max_chars: usize) -> String {
    let mut line = String::new();
    let mut chars = 0;
    let mut space = false;
    for c in text.trim_start().chars() {
        if c.is_whitespace() || c.is_control() {
            space = true;
            continue;
        }
        if chars + usize::from(space) >= max_chars {
            line.push('…');
            break;
        }
        if std::mem::take(&mut space) && !line.is_empty() {
            line.push(' ');
            chars += 1;
        }
        line.push(c);
        chars += 1;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn white_space_and_control_characters_become_one_space() {
        assert_eq!(one_line("  a\r\n\t b\u{1b}[31mc \n", 20), "a b [31mc");
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        assert_eq!(one_line("ééééé", 5), "ééééé");
        assert_eq!(one_line("éééééé", 5), "ééééé…");
        assert_eq!(one_line("aa   bb", 3), "aa…");
    }
}
