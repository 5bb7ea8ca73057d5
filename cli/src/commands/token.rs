//! `muster token create | list | revoke`.

use std::collections::HashMap;
use std::io::{self, Write as _};

use anyhow::{Context as _, Result, bail};
use muster_store::{
    NewToken, Page, StoreError, SystemRandom, Tenant, Timestamp, TokenFilter, TokenId, TokenRecord,
    UserFilter, UserId,
};

use super::listing::{self, List, Out, Reader};
use crate::args::{TokenArgs, TokenCommand, TokenCreateArgs, TokenListArgs, TokenRevokeArgs};
use crate::context::Context;
use crate::database::Database;
use crate::print::access::{TokenItem, write_tokens};
use crate::print::json::ListWriter;
use crate::print::style::Look;

/// Runs it.
pub(crate) fn run(args: &TokenArgs, context: &Context) -> Result<()> {
    match &args.command {
        TokenCommand::Create(args) => create(args, context),
        TokenCommand::List(args) => list(args, context).context("list tokens"),
        TokenCommand::Revoke(args) => revoke(args, context),
    }
}

/// The token alone goes to standard output: `muster token create ci > file` keeps it without its ever being seen.
fn create(args: &TokenCreateArgs, context: &Context) -> Result<()> {
    let database = Database::open(context)?;
    let tenant = database.tenant(context)?;
    let now = context.now();
    let expires_at = args.expires.map(|lifetime| Timestamp(now.0.saturating_add(lifetime.0)));
    let new = NewToken {
        name: args.name.clone(),
        role: args.role,
        user: whose(args, &database, &tenant)?,
        expires_at,
    };
    let (id, token) = database.wait(tenant.create_token(&new, &SystemRandom, now, &context.actor))?;
    let mut out = context.output();
    writeln!(out, "{}", token.expose())?;
    out.flush()?;
    let until = expires_at.map_or("until it is revoked".to_owned(), |at| format!("until {at}"));
    context.say(&format!("token {id} of {} is {} {until}", context.settings.tenant, args.role));
    context.say("it is shown this once: keep it where nobody else can read it");
    Ok(())
}

fn whose(args: &TokenCreateArgs, database: &Database, tenant: &Tenant) -> Result<Option<UserId>> {
    let Some(email) = &args.user else { return Ok(None) };
    let user = database.wait(tenant.find_user(email))?.filter(|user| user.is_active);
    let user = user.with_context(|| {
        format!("find the user {email}: there is no active one of this address; muster user list shows who there is")
    })?;
    Ok(Some(user.id))
}

fn revoke(args: &TokenRevokeArgs, context: &Context) -> Result<()> {
    let database = Database::open_existing(context)?;
    let tenant = database.tenant(context)?;
    let step = tenant.revoke_token(TokenId(args.id), context.now(), &context.actor);
    let Some(token) = database.wait(step)? else {
        bail!(
            "find token {}: there is none of this id; muster token list shows those that are valid",
            args.id
        );
    };
    context.say(&match token.revoked_at {
        Some(at) => format!("token {} ({}) was revoked before, at {at}", token.id, token.name),
        None => format!("token {} ({}) is revoked", token.id, token.name),
    });
    Ok(())
}

fn list(args: &TokenListArgs, context: &Context) -> Result<()> {
    let reader = Reader::open(context)?;
    let valid_at = (!args.all).then(|| context.now());
    let filter = TokenFilter { valid_at, ..TokenFilter::default() };
    let users = users(&reader)?;
    listing::print(&Tokens { reader: &reader, filter, users }, &args.list, &reader)
}

/// What every user is called, removed or not.
fn users(reader: &Reader<'_>) -> Result<HashMap<UserId, String>, StoreError> {
    let mut filter = UserFilter { removed: true, ..UserFilter::default() };
    let mut users = HashMap::new();
    loop {
        let page = reader.wait(reader.tenant.list_users(&filter))?;
        users.extend(page.items.into_iter().map(|user| (user.id, user.email.to_string())));
        filter.after = page.next;
        if filter.after.is_none() {
            return Ok(users);
        }
    }
}

struct Tokens<'a> {
    reader: &'a Reader<'a>,
    filter: TokenFilter,
    users: HashMap<UserId, String>,
}

impl List for Tokens<'_> {
    type Row = TokenRecord;
    type Id = TokenId;
    const PLURAL: &'static str = "tokens";
    const NONE: Option<&'static str> = Some("there are no valid tokens: muster token create NAME makes one");

    fn id(number: i64) -> TokenId {
        TokenId(number)
    }

    fn page(&self, limit: usize, after: Option<TokenId>) -> Result<Page<TokenRecord, TokenId>, StoreError> {
        let filter = TokenFilter { limit, after, ..self.filter };
        self.reader.wait(self.reader.tenant.list_tokens(&filter))
    }

    fn write_item(&self, out: &mut ListWriter<Out>, token: &TokenRecord) -> io::Result<()> {
        out.item("token", &TokenItem::new(token))
    }

    fn write_table(&self, out: &mut Out, tokens: &[TokenRecord], look: &Look) -> io::Result<()> {
        let user = |token: &TokenRecord| {
            token.user.and_then(|user| self.users.get(&user)).map_or("", String::as_str)
        };
        let rows: Vec<_> = tokens.iter().map(|token| (token, user(token))).collect();
        write_tokens(out, &rows, look)
    }
}
