//! `muster completions` and `muster man`: made from the same definitions as the help.

use std::io::{self, Write};

use anyhow::Context as _;
use clap::{Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::args::Cli;
use crate::context::Context;

/// Writes the completions of a shell.
pub(crate) fn write_completions(shell: Shell, context: &Context) -> anyhow::Result<()> {
    // Into memory first: what generates them panics where a write fails.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "muster", &mut script);
    let mut out = context.output();
    out.write_all(&script).and_then(|()| out.flush()).context("print the completions")
}

/// Writes the man page: the whole command first, then each of its commands.
pub(crate) fn write_man(context: &Context) -> anyhow::Result<()> {
    let mut out = context.output();
    man(&mut out).and_then(|()| out.flush()).context("print the man page")
}

fn man(out: &mut impl Write) -> io::Result<()> {
    let mut command = Cli::command();
    command.build();
    let page = Man::new(command.clone());
    page.render_title(out)?;
    page.render_name_section(out)?;
    page.render_synopsis_section(out)?;
    page.render_description_section(out)?;
    page.render_options_section(out)?;
    extra(&page, ".SH", out)?;
    commands(&command, "", out)?;
    page.render_version_section(out)
}

/// Every command below one, and what is below those, in sections of their own.
fn commands(above: &Command, name: &str, out: &mut impl Write) -> io::Result<()> {
    let shown = |command: &&Command| !command.is_hide_set() && command.get_name() != "help";
    for command in above.get_subcommands().filter(shown) {
        let name = format!("{name} {}", command.get_name());
        let page = Man::new(command.clone().display_name(format!("muster{name}")));
        writeln!(out, ".SH {}", name.trim().to_uppercase())?;
        let mut below = Vec::new();
        page.render_synopsis_section(&mut below)?;
        page.render_description_section(&mut below)?;
        page.render_options_section(&mut below)?;
        extra(&page, ".SS", &mut below)?;
        let text = String::from_utf8_lossy(&below).replace("\n.SH ", "\n.SS ");
        out.write_all(text.as_bytes())?;
        commands(command, &name, out)?;
    }
    Ok(())
}

/// What stands below a help text, its lines left as they are: they are columns.
fn extra(page: &Man, heading: &str, out: &mut impl Write) -> io::Result<()> {
    let mut section = Vec::new();
    page.render_extra_section(&mut section)?;
    let text = String::from_utf8_lossy(&section);
    match text.split_once(".SH EXTRA\n") {
        Some((_, lines)) => write!(out, "{heading} NOTES\n.nf\n{}\n.fi\n", lines.trim_end()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_man_page_tells_of_every_command_but_the_hidden_one() {
        let mut page = Vec::new();
        man(&mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        for heading in [
            ".TH muster 1",
            ".SH SCAN",
            ".SH PROJECTS",
            ".SH TASKS",
            ".SH COMMITS",
            ".SH REPOS",
            ".SH TOKEN CREATE",
            ".SH AUDIT VERIFY",
            "no\\-history",
        ] {
            assert!(page.contains(heading), "{heading}");
        }
        assert!(!page.contains("__fetch") && !page.contains("muster\\-scan(1)"));
        assert_eq!(page.matches("\n.nf\n").count(), page.matches("\n.fi\n").count());
        assert_eq!(page.matches(".SH NOTES\n.nf\nExamples:\n").count(), 1);
    }

    #[test]
    fn completions_know_the_flags() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "muster", &mut script);
            assert!(String::from_utf8(script).unwrap().contains("no-submodules"), "{shell}");
        }
    }
}
