//! `muster repo connect`: results are what has to be entered at the provider; words say what happens next.

use std::io::{Read as _, Write as _};

use anyhow::{Context as _, Result, bail};
use muster_ingest::connecting::{self, Connected, Options};
use muster_scanner::wire::{Policy, RemoteAddress, without_user_info};
use muster_store::{Connection, Secret, SystemRandom};

use crate::args::{Format, RepoConnectArgs};
use crate::context::Context;
use crate::database::Database;
use crate::keys;
use crate::print::amounts::deliveries;
use crate::print::connections::{ConnectedItem, write_hook, write_one};

/// The longest token or secret that is read.
const LONGEST: u64 = 64 * 1024;

/// Runs it.
pub(super) fn run(args: &RepoConnectArgs, context: &Context) -> Result<()> {
    let shown = without_user_info(&args.url);
    connect(args, context).with_context(|| format!("connect {shown}"))
}

fn connect(args: &RepoConnectArgs, context: &Context) -> Result<()> {
    let settings = &context.settings;
    let policy = Policy { allow_hosts: settings.allow_hosts.clone(), allow_local: settings.allow_local };
    let address = RemoteAddress::parse(&args.url, &policy)?;
    let keeps_secrets = args.token_stdin || !args.no_hook;
    if keeps_secrets && keys::read(&settings.key_source())?.is_none() {
        bail!(
            "what is to be kept secret is sealed, and there is no key to do it with: muster key init makes one{}",
            if args.token_stdin { "" } else { " (or say --no-hook)" }
        );
    }
    let given = if args.token_stdin || args.secret_stdin { Some(from_stdin()?) } else { None };
    let (token, secret) = if args.token_stdin { (given, None) } else { (None, given) };
    let options = Options { token, hook: !args.no_hook, secret };

    let database = Database::open(context)?;
    let tenant = database.tenant(context)?;
    let key = address.source_key();
    let full_name = key.strip_prefix("https://").and_then(|rest| rest.split_once('/')).map(|(_, path)| path);
    let connection = Connection { full_name, clone_url: Some(address.url()), ..Connection::default() };
    let step = async {
        let queue = database.store().queue().await?;
        let now = context.now();
        let connected =
            connecting::connect(&tenant, &queue, &connection, options, &SystemRandom, now, &context.actor);
        anyhow::Ok(connected.await?)
    };
    let connected = database.wait(step)?;
    print(&connected, args, context)?;
    say(&connected, full_name.unwrap_or(&key), context);
    Ok(())
}

/// One line from standard input, without its end.
pub(super) fn from_stdin() -> Result<Secret> {
    let mut text = String::new();
    std::io::stdin().lock().take(LONGEST).read_to_string(&mut text).context("read standard input")?;
    let line = text.trim_end_matches(['\r', '\n']);
    if line.is_empty() {
        bail!("read standard input: there is nothing; write the token or secret to it, in one line");
    }
    if line.contains(['\r', '\n']) || text.len() as u64 == LONGEST {
        bail!("read standard input: there is more than one line");
    }
    Ok(Secret::from(line.to_owned()))
}

fn print(connected: &Connected, args: &RepoConnectArgs, context: &Context) -> Result<()> {
    let public = context.settings.service.public_url.as_deref();
    let mut out = context.output();
    match (args.format, &connected.hook) {
        (Format::Table, Some(hook)) => write_hook(&mut out, hook, public, &context.look)?,
        (Format::Table, None) => {}
        (Format::Json | Format::Ndjson, _) => write_one(&mut out, &ConnectedItem::new(connected, public))?,
    }
    Ok(out.flush()?)
}

fn say(connected: &Connected, name: &str, context: &Context) {
    let id = connected.repository.id;
    context.say(&format!("{name} is connected as repository {id}, and is to be looked at"));
    match &connected.hook {
        Some(hook) if hook.secret.is_some() => {
            context.say("enter the above at the provider (GitHub: Settings, Webhooks, Add webhook); the secret is shown this once");
            if context.settings.service.public_url.is_none() {
                context.say("in place of YOUR-HOST stands where muster serve is reached from outside (--public-url)");
            }
        }
        Some(_) => context.say(&format!(
            "its webhook stays as it was, and its secret is not shown again: muster repo hook rotate {id} makes another"
        )),
        None => {}
    }
    if connected.planned_again > 0 {
        let what = ["had waited for it and is planned again", "had waited for it and are planned again"];
        context.say(&deliveries(connected.planned_again, what[0], what[1]));
    }
    if context.settings.allow_local || !context.settings.allow_hosts.is_empty() {
        context.say("whoever fetches it has to be allowed the same: --allow-local or --allow-host of muster serve and muster worker");
    }
    context.say(
        "muster serve or muster worker looks at it; muster repo list shows it, muster doctor what is amiss",
    );
}
