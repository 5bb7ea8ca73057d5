//! `muster tenant delete`: asks where there is somebody to ask, refuses where there is not and nothing was said.

use std::io::{self, IsTerminal as _, Write as _};

use anyhow::{Result, bail};

use crate::args::DeleteArgs;
use crate::context::Context;
use crate::database::Database;
use crate::print::amounts::counted;

/// Runs it.
pub(super) fn run(args: &DeleteArgs, context: &Context) -> Result<()> {
    // No secret is read, and a lost key must not keep a tenant from being deleted.
    Database::refuse_missing(context)?;
    let database = Database::open_without_keys(context)?;
    let name = &args.name;
    let record = super::find(&database, name)?;
    if !args.yes {
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            bail!(
                "delete {name} without asking: there is no terminal to ask on; say --yes to delete every row of it"
            );
        }
        let usage = database.wait(database.store().tenant(record.id).usage())?;
        context.say(&format!(
            "{name} has {}, {}, {} and {}; all of it goes, and the key of its secrets",
            if usage.repositories == 1 {
                "1 repository".to_owned()
            } else {
                format!("{} repositories", usage.repositories)
            },
            counted(usage.projects, "project"),
            counted(usage.tasks, "task"),
            counted(usage.commits, "commit"),
        ));
        if !is_typed(name)? {
            bail!("delete {name}: its name was not typed, so nothing was done");
        }
    }
    let rows = database.wait(database.store().delete_tenant(record.id))?;
    context.say(&format!("{name} is deleted: {}", counted(rows, "row")));
    Ok(())
}

/// Asks for the name.
fn is_typed(name: &str) -> Result<bool> {
    write!(io::stderr(), "muster: type the name of the tenant to delete it: ")?;
    io::stderr().flush()?;
    let mut typed = String::new();
    io::stdin().read_line(&mut typed)?;
    Ok(typed.trim() == name)
}
