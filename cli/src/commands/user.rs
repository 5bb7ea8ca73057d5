//! `muster user add | list | role | remove`.

use std::io;

use anyhow::{Context as _, Result};
use muster_store::{NewUser, Page, StoreError, TokenId, UserFilter, UserId, UserRecord};

use super::listing::{self, List, Out, Reader};
use crate::args::{UserAddArgs, UserArgs, UserCommand, UserListArgs, UserRemoveArgs, UserRoleArgs};
use crate::context::Context;
use crate::database::Database;
use crate::print::access::{UserItem, write_users};
use crate::print::json::ListWriter;
use crate::print::style::Look;

/// Runs it.
pub(crate) fn run(args: &UserArgs, context: &Context) -> Result<()> {
    match &args.command {
        UserCommand::Add(args) => add(args, context),
        UserCommand::List(args) => list(args, context).context("list users"),
        UserCommand::Role(args) => change(args, context),
        UserCommand::Remove(args) => remove(args, context),
    }
}

fn add(args: &UserAddArgs, context: &Context) -> Result<()> {
    let database = Database::open(context)?;
    let tenant = database.tenant(context)?;
    let new = NewUser { email: args.email.clone(), full_name: args.name.clone(), role: args.role };
    let added = database.wait(tenant.add_user(&new, context.now(), &context.actor))?;
    let how = if added.is_back { "is back as" } else { "was added as" };
    context.say(&format!("{} {how} {} (user {})", args.email, args.role, added.id));
    Ok(())
}

fn change(args: &UserRoleArgs, context: &Context) -> Result<()> {
    let database = Database::open_existing(context)?;
    let tenant = database.tenant(context)?;
    let step = tenant.change_user_role(&args.email, args.role, context.now(), &context.actor);
    let changed = database.wait(step)?;
    let before = match changed.before == args.role {
        true => ", as before".to_owned(),
        false => format!(", and was {}", changed.before),
    };
    context.say(&format!("{} is {}{before}{}", args.email, args.role, revoked(&changed.revoked)));
    Ok(())
}

fn remove(args: &UserRemoveArgs, context: &Context) -> Result<()> {
    let database = Database::open_existing(context)?;
    let tenant = database.tenant(context)?;
    let removed = database.wait(tenant.remove_user(&args.email, context.now(), &context.actor))?;
    context.say(&format!("{} was removed{}", args.email, revoked(&removed.revoked)));
    Ok(())
}

/// What became of tokens, as the rest of a sentence.
fn revoked(tokens: &[TokenId]) -> String {
    let ids = || tokens.iter().map(TokenId::to_string).collect::<Vec<_>>().join(", ");
    match tokens.len() {
        0 => String::new(),
        1 => format!("; token {} was revoked", ids()),
        _ => format!("; tokens {} were revoked", ids()),
    }
}

fn list(args: &UserListArgs, context: &Context) -> Result<()> {
    let reader = Reader::open(context)?;
    let filter = UserFilter { removed: args.all, ..UserFilter::default() };
    listing::print(&Users { reader: &reader, filter }, &args.list, &reader)
}

struct Users<'a> {
    reader: &'a Reader<'a>,
    filter: UserFilter,
}

impl List for Users<'_> {
    type Row = UserRecord;
    type Id = UserId;
    const PLURAL: &'static str = "users";
    const NONE: Option<&'static str> = Some("there are no users: muster user add EMAIL adds one");

    fn id(number: i64) -> UserId {
        UserId(number)
    }

    fn page(&self, limit: usize, after: Option<UserId>) -> Result<Page<UserRecord, UserId>, StoreError> {
        let filter = UserFilter { limit, after, ..self.filter };
        self.reader.wait(self.reader.tenant.list_users(&filter))
    }

    fn write_item(&self, out: &mut ListWriter<Out>, user: &UserRecord) -> io::Result<()> {
        out.item("user", &UserItem::new(user))
    }

    fn write_table(&self, out: &mut Out, users: &[UserRecord], look: &Look) -> io::Result<()> {
        write_users(out, users, look)
    }
}
