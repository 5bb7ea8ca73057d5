//! `muster transfer`.

use std::io::Write as _;

use anyhow::{Context as _, Result};
use muster_store::{DatabaseUrl, MovedTable, Transfer};

use crate::args::TransferArgs;
use crate::context::Context;
use crate::print::amounts::counted;
use crate::print::moved::write_moved;
use crate::print::progress::Unit;

/// Runs it.
pub(crate) fn run(args: &TransferArgs, context: &Context) -> Result<()> {
    let from: DatabaseUrl = args.from.parse().context("understand --from")?;
    let to: DatabaseUrl = args.to.parse().context("understand --to")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let indicator = context.indicator();
    let report = |words: &str, rows| indicator.show(words, Unit::Things, rows, None);
    let transfer = runtime.block_on(Transfer::open(&from, &to))?;
    let (tables, words) = if args.dry_run {
        let plan = runtime.block_on(transfer.plan(&report))?;
        let how = match (plan.makes_tables, plan.goes_on) {
            (true, _) => "would make the tables and move",
            (_, true) => "would go on with a transfer that was cut off, in all",
            _ => "would move",
        };
        let tenants = counted(plan.tenants, "tenant");
        let words = format!("{how} {} of {tenants}; nothing was changed", rows(&plan.tables));
        (plan.tables, words)
    } else {
        let tables = runtime.block_on(transfer.run(&report))?;
        let words = format!("moved {}; source and target agree in every table", rows(&tables));
        (tables, words)
    };
    indicator.end();
    let mut out = context.output();
    write_moved(&mut out, &tables, &context.look).and_then(|()| out.flush())?;
    context.say(&words);
    let nul: u64 = tables.iter().map(|table| table.nul_texts).sum();
    if nul > 0 && matches!(to, DatabaseUrl::Postgres(_)) {
        let texts = counted(nul, "text");
        context.say(&format!(
            "{texts} with NUL, which PostgreSQL refuses: kept there as U+FDD0 and 0, and read back as NUL"
        ));
    }
    Ok(())
}

fn rows(tables: &[MovedTable]) -> String {
    counted(tables.iter().map(|table| table.rows).sum(), "row")
}
