//! The usual mistakes with webhooks, from what is known to words: a function over values.

use muster_store::{Check, ConnectionRecord, HookRecord, Timestamp, Verdict};

use super::app::of_app;
use super::facts::{Facts, TenantFacts};
use crate::print::amounts::counted;

/// A hook that is so new need not have spoken yet.
pub(super) const NEW: i64 = 10 * 60 * 1000;
/// A hook that has said nothing for so long may be switched off.
pub(super) const SILENT: i64 = 14 * DAY;
pub(super) const DAY: i64 = 24 * 60 * 60 * 1000;
/// A push that does not show after so long is stuck.
const STUCK: i64 = 10 * 60 * 1000;
/// So many are named; the others are counted.
const NAMED: usize = 50;

pub(super) fn check(subject: &'static str, verdict: Verdict, says: String, mend: &str) -> Check {
    Check { subject, verdict, says, mend: Some(mend.to_owned()), finding: None }
}

/// What is to be said of connected repositories and of how they are heard.
pub(super) fn checks(facts: &Facts) -> Vec<Check> {
    let connected: usize = facts.tenants.iter().map(|tenant| tenant.connections.len()).sum();
    let installations: usize = facts.tenants.iter().map(|tenant| tenant.installations.len()).sum();
    let of_app = of_app(facts);
    if connected + installations == 0 {
        return Vec::from_iter(of_app);
    }
    let mut checks: Vec<Check> = of_app
        .into_iter()
        .chain(facts.tenants.iter().flat_map(|tenant| of_tenant(tenant, facts.now)))
        .collect();
    if checks.len() > NAMED {
        let more = checks.len() - NAMED;
        let worst = |check: &Check| if check.verdict == Verdict::Wrong { 0 } else { 1 };
        checks.sort_by_key(worst);
        checks.truncate(NAMED);
        let mend = "mend these, and ask again";
        checks.push(check("webhooks", Verdict::Note, format!("{more} more are not named"), mend));
    }
    let keeps_secrets = facts.tenants.iter().flat_map(|tenant| &tenant.connections);
    if !facts.has_key && keeps_secrets.clone().any(|one| one.has_secret || one.has_token) {
        checks.push(check(
            "keys",
            Verdict::Wrong,
            "secrets of webhooks are stored, and no key is given to open them: every delivery is answered 503".to_owned(),
            "name the key's file in MUSTER_KEY_FILE, for muster serve and muster worker too",
        ));
    }
    if installations > 0 && !facts.has_app_secret {
        checks.push(check(
            "webhooks",
            Verdict::Note,
            "installations are claimed, and here no secret of the App's webhook is given".to_owned(),
            "give it to muster serve in MUSTER_GITHUB_WEBHOOK_SECRET, or what the App sends is refused",
        ));
    }
    if checks.is_empty() {
        let says = format!("{} connected, nothing amiss", repositories(connected));
        checks.push(Check { subject: "webhooks", verdict: Verdict::Fine, says, mend: None, finding: None });
    }
    checks
}

fn repositories(number: usize) -> String {
    if number == 1 { "1 repository is".to_owned() } else { format!("{number} repositories are") }
}

fn of_tenant(tenant: &TenantFacts, now: Timestamp) -> Vec<Check> {
    let mut checks = Vec::new();
    for one in &tenant.connections {
        let hooks: Vec<_> = tenant.hooks.iter().filter(|hook| hook.repository == one.id).collect();
        let who = Who { tenant: &tenant.name, one };
        checks.extend(hooks.iter().filter_map(|hook| of_hook(&who, hook, now)));
        if hooks.is_empty() && one.installation.is_none() {
            checks.push(check(
                "webhooks",
                Verdict::Note,
                format!(
                    "{}: it has no webhook, so it is looked at only when somebody asks (muster repo sync)",
                    who.name()
                ),
                &format!("muster repo connect {} makes one", one.clone_url.as_deref().unwrap_or("URL")),
            ));
        }
        if !hooks.is_empty() && !one.has_secret {
            checks.push(check(
                "webhooks",
                Verdict::Wrong,
                format!("{}: its webhook has no secret, so nothing that it sends is taken", who.name()),
                &format!("{} makes one", who.command("repo hook rotate")),
            ));
        }
        if one.has_previous_secret {
            checks.push(check(
                "webhooks",
                Verdict::Note,
                format!("{}: beside its webhook's secret the one before is still accepted", who.name()),
                &format!(
                    "when the provider has the new one: {} --drop-previous",
                    who.command("repo hook rotate")
                ),
            ));
        }
        if let Some(since) = one.waiting_since.filter(|since| now.0 - since.0 > STUCK) {
            checks.push(check(
                "webhooks",
                Verdict::Wrong,
                format!("{}: a push that was received at {since} does not show yet", who.name()),
                "muster jobs list --kind look says what became of it",
            ));
        }
    }
    checks
}

/// A repository in words.
struct Who<'a> {
    tenant: &'a str,
    one: &'a ConnectionRecord,
}

impl Who<'_> {
    fn name(&self) -> String {
        let name = self.one.full_name.as_deref().unwrap_or(&self.one.name);
        format!("{name} (repository {} of {})", self.one.id, self.tenant)
    }

    fn command(&self, words: &str) -> String {
        format!("muster {words} {} --tenant {}", self.one.id, self.tenant)
    }
}

/// What is wrong with one hook, the surest first.
fn of_hook(who: &Who<'_>, hook: &HookRecord, now: Timestamp) -> Option<Check> {
    let name = who.name();
    // Whoever is accepted again has mended it.
    let refused =
        hook.refused.as_ref().filter(|(_, at)| hook.delivered_at.is_none_or(|delivered| delivered < *at));
    if let Some((code, at)) = refused {
        let times = counted(hook.refusals, "time");
        return Some(match code.as_str() {
            "signature_refused" => check(
                "webhooks",
                Verdict::Wrong,
                format!(
                    "{name}: what its webhook sends is signed with another secret than ours (refused {times}, last at {at})"
                ),
                &format!("{} makes a new one: enter that at the provider", who.command("repo hook rotate")),
            ),
            "signature_missing" => check(
                "webhooks",
                Verdict::Wrong,
                format!("{name}: what its webhook sends is not signed (refused {times}, last at {at})"),
                &format!(
                    "no secret is entered at the provider: {} makes a new one to enter there",
                    who.command("repo hook rotate")
                ),
            ),
            "content_type_refused" => check(
                "webhooks",
                Verdict::Wrong,
                format!(
                    "{name}: its webhook sends another content type than JSON or a form (refused {times}, last at {at})"
                ),
                "choose application/json at the provider",
            ),
            code => check(
                "webhooks",
                Verdict::Note,
                format!("{name}: what its webhook sends is refused: {code} ({times}, last at {at})"),
                "the provider shows what it sent under Recent Deliveries; docs/WEBHOOKS.md lists the answers",
            ),
        });
    }
    if !hook.has_delivered {
        return (now.0 - hook.created_at.0 > NEW).then(|| {
            check(
                "webhooks",
                Verdict::Note,
                format!("{name}: nothing has come by its webhook yet, which was made at {}", hook.created_at),
                &format!(
                    "is it entered at the provider, and is muster serve reached from there? {} shows its address",
                    who.command("repo hook show")
                ),
            )
        });
    }
    let silent = hook.delivered_at.map(|at| now.0 - at.0).filter(|silent| *silent > SILENT)?;
    Some(check(
        "webhooks",
        Verdict::Note,
        format!("{name}: nothing has come by its webhook for {} days", silent / DAY),
        "where something was pushed since, look at the provider whether the webhook is switched off",
    ))
}

#[cfg(test)]
mod tests {
    use muster_store::RepositoryId;

    use super::*;

    const NOW: Timestamp = Timestamp(100 * DAY);

    fn connection() -> ConnectionRecord {
        ConnectionRecord {
            id: RepositoryId(7),
            name: "name".to_owned(),
            source_key: "https://github.com/owner/name".to_owned(),
            full_name: Some("owner/name".to_owned()),
            clone_url: Some("https://github.com/owner/name".to_owned()),
            default_branch: None,
            is_active: true,
            connected_at: Some(Timestamp(0)),
            installation: None,
            provider_repo_id: None,
            has_token: false,
            has_secret: true,
            has_previous_secret: false,
            head: None,
            pushed_at: None,
            received_at: None,
            visible_at: None,
            waiting_since: None,
            last_synced_at: None,
            gone_at: None,
        }
    }

    fn hook() -> HookRecord {
        HookRecord {
            key: "0123456789".to_owned(),
            repository: RepositoryId(7),
            created_at: Timestamp(DAY),
            has_delivered: true,
            delivered_at: Some(Timestamp(NOW.0 - DAY)),
            refused: None,
            refusals: 0,
        }
    }

    fn facts(connection: ConnectionRecord, hooks: Vec<HookRecord>) -> Facts {
        let name = "acme".to_owned();
        let tenant = TenantFacts { name, connections: vec![connection], hooks, installations: vec![] };
        Facts { now: NOW, has_key: true, tenants: vec![tenant], ..Facts::default() }
    }

    fn said(facts: &Facts) -> String {
        let line = |check: &Check| {
            let mend = check.mend.as_deref().map(|mend| format!(" -> {mend}")).unwrap_or_default();
            format!("{}: {}{mend}\n", check.verdict.as_str(), check.says)
        };
        checks(facts).iter().map(line).collect()
    }

    #[test]
    fn nothing_is_said_of_what_is_not_there_and_a_word_of_what_is_well() {
        assert_eq!(said(&Facts::default()), "");
        insta::assert_snapshot!(said(&facts(connection(), vec![hook()])), @"fine: 1 repository is connected, nothing amiss");
    }

    #[test]
    fn each_mistake_is_named_with_what_mends_it() {
        let refused = |code: &str, at| HookRecord {
            refused: Some((code.to_owned(), Timestamp(at))),
            refusals: 3,
            ..hook()
        };
        let late = NOW.0 - 1000;
        let silent = HookRecord { delivered_at: Some(Timestamp(80 * DAY)), ..hook() };
        let new = HookRecord { has_delivered: false, delivered_at: None, ..hook() };
        let of = |hook| said(&facts(connection(), vec![hook]));
        insta::assert_snapshot!(of(refused("signature_refused", late)), @"wrong: owner/name (repository 7 of acme): what its webhook sends is signed with another secret than ours (refused 3 times, last at 1970-04-10T23:59:59Z) -> muster repo hook rotate 7 --tenant acme makes a new one: enter that at the provider");
        insta::assert_snapshot!(of(refused("signature_missing", late)), @"wrong: owner/name (repository 7 of acme): what its webhook sends is not signed (refused 3 times, last at 1970-04-10T23:59:59Z) -> no secret is entered at the provider: muster repo hook rotate 7 --tenant acme makes a new one to enter there");
        insta::assert_snapshot!(of(refused("content_type_refused", late)), @"wrong: owner/name (repository 7 of acme): its webhook sends another content type than JSON or a form (refused 3 times, last at 1970-04-10T23:59:59Z) -> choose application/json at the provider");
        insta::assert_snapshot!(of(refused("event_header_refused", late)), @"note: owner/name (repository 7 of acme): what its webhook sends is refused: event_header_refused (3 times, last at 1970-04-10T23:59:59Z) -> the provider shows what it sent under Recent Deliveries; docs/WEBHOOKS.md lists the answers");
        assert!(of(refused("signature_refused", DAY)).starts_with("fine"), "it was accepted since");
        insta::assert_snapshot!(of(silent), @"note: owner/name (repository 7 of acme): nothing has come by its webhook for 20 days -> where something was pushed since, look at the provider whether the webhook is switched off");
        insta::assert_snapshot!(of(new.clone()), @"note: owner/name (repository 7 of acme): nothing has come by its webhook yet, which was made at 1970-01-02T00:00:00Z -> is it entered at the provider, and is muster serve reached from there? muster repo hook show 7 --tenant acme shows its address");
        assert!(of(HookRecord { created_at: NOW, ..new }).starts_with("fine"), "it was only just made");
    }

    #[test]
    fn repositories_without_a_hook_a_secret_or_a_key_are_named() {
        insta::assert_snapshot!(said(&facts(connection(), vec![])), @"note: owner/name (repository 7 of acme): it has no webhook, so it is looked at only when somebody asks (muster repo sync) -> muster repo connect https://github.com/owner/name makes one");
        let of = |connection| said(&facts(connection, vec![hook()]));
        insta::assert_snapshot!(of(ConnectionRecord { has_secret: false, ..connection() }), @"wrong: owner/name (repository 7 of acme): its webhook has no secret, so nothing that it sends is taken -> muster repo hook rotate 7 --tenant acme makes one");
        insta::assert_snapshot!(of(ConnectionRecord { has_previous_secret: true, ..connection() }), @"note: owner/name (repository 7 of acme): beside its webhook's secret the one before is still accepted -> when the provider has the new one: muster repo hook rotate 7 --tenant acme --drop-previous");
        insta::assert_snapshot!(of(ConnectionRecord { waiting_since: Some(Timestamp(NOW.0 - DAY)), ..connection() }), @"wrong: owner/name (repository 7 of acme): a push that was received at 1970-04-10T00:00:00Z does not show yet -> muster jobs list --kind look says what became of it");
        let without_key = Facts { has_key: false, ..facts(connection(), vec![hook()]) };
        insta::assert_snapshot!(said(&without_key), @"wrong: secrets of webhooks are stored, and no key is given to open them: every delivery is answered 503 -> name the key's file in MUSTER_KEY_FILE, for muster serve and muster worker too");
    }

    #[test]
    fn the_worst_are_named_where_there_are_many() {
        let mut many = facts(connection(), vec![]);
        let note = many.tenants[0].connections[0].clone();
        let wrong =
            ConnectionRecord { waiting_since: Some(Timestamp(0)), installation: Some(1), ..note.clone() };
        many.tenants[0].connections = [vec![note; 60], vec![wrong]].concat();
        let checks = checks(&many);
        assert_eq!((checks.len(), checks[0].verdict), (NAMED + 1, Verdict::Wrong));
        assert_eq!(checks[NAMED].says, "11 more are not named");
    }
}
