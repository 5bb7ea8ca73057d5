//! The usual mistakes with the App's webhook, from what is known to words: a function over values.

use muster_store::{Check, Verdict};

use super::facts::Facts;
use super::webhooks::{DAY, NEW, SILENT, check};
use crate::commands::app::refused;
use crate::print::amounts::counted;

/// What is wrong with the App's webhook, the surest first. Nothing where nobody uses the App.
pub(super) fn of_app(facts: &Facts) -> Option<Check> {
    let app = &facts.app;
    // Whoever is accepted again has mended it.
    let is_refused = app.refused.as_ref().filter(|(_, at)| app.delivered_at.is_none_or(|last| last < *at));
    if let Some((code, at)) = is_refused {
        let (says, mend) = refused(code);
        let says = format!("{says} ({code} {}, last at {at})", counted(app.refusals, "time"));
        // Its address is no secret: where the App is heard, others may have called.
        if app.delivered_at.is_some_and(|last| at.0 - last.0 < DAY) {
            let says = format!("{says}; others were accepted less than a day before");
            let mend =
                format!("anybody can call this address; where the provider shows them among its own: {mend}");
            return Some(check("webhooks", Verdict::Note, says, &mend));
        }
        let is_mistake =
            matches!(code.as_str(), "signature_refused" | "signature_missing" | "content_type_refused");
        let verdict = if is_mistake { Verdict::Wrong } else { Verdict::Note };
        return Some(check("webhooks", verdict, says, mend));
    }
    let installations = facts.tenants.iter().flat_map(|tenant| &tenant.installations);
    let since = installations.filter(|one| one.removed_at.is_none()).map(|one| one.created_at).min()?;
    if !app.has_delivered {
        return (facts.now.0 - since.0 > NEW).then(|| {
            check(
                "webhooks",
                Verdict::Note,
                format!("nothing has come from the App yet, whose first installation is here since {since}"),
                "is its webhook active at the provider, and is muster serve reached from there? docs/WEBHOOKS.md says which address to enter",
            )
        });
    }
    let silent = app.delivered_at.map(|at| facts.now.0 - at.0).filter(|silent| *silent > SILENT)?;
    Some(check(
        "webhooks",
        Verdict::Note,
        format!("nothing has come from the App for {} days", silent / DAY),
        "where something was pushed since, look at the provider whether its webhook is active",
    ))
}

#[cfg(test)]
mod tests {
    use muster_store::{AppHookRecord, InstallationRecord, Provider, Timestamp};

    use super::super::facts::TenantFacts;
    use super::*;

    const NOW: Timestamp = Timestamp(100 * DAY);

    fn installed(at: i64) -> TenantFacts {
        let one = InstallationRecord {
            provider: Provider::GitHub,
            id: 42,
            account: "acme".to_owned(),
            created_at: Timestamp(at),
            suspended_at: None,
            removed_at: None,
        };
        TenantFacts { name: "acme".to_owned(), installations: vec![one], ..TenantFacts::default() }
    }

    fn said(app: AppHookRecord, tenants: Vec<TenantFacts>) -> String {
        let facts = Facts { now: NOW, app, tenants, ..Facts::default() };
        of_app(&facts).map_or_else(String::new, |check| {
            format!("{}: {} -> {}", check.verdict.as_str(), check.says, check.mend.as_deref().unwrap())
        })
    }

    #[test]
    fn each_mistake_is_named_with_what_mends_it() {
        let refused = |code: &str, at| AppHookRecord {
            has_delivered: true,
            delivered_at: Some(Timestamp(50 * DAY)),
            refused: Some((code.to_owned(), Timestamp(at))),
            refusals: 3,
        };
        let of = |code: &str| said(refused(code, 99 * DAY), vec![]);
        insta::assert_snapshot!(of("signature_refused"), @"wrong: deliveries of the App are signed with another secret (signature_refused 3 times, last at 1970-04-10T00:00:00Z) -> give muster serve the one of its webhook in MUSTER_GITHUB_WEBHOOK_SECRET");
        insta::assert_snapshot!(of("signature_missing"), @"wrong: deliveries of the App are not signed (signature_missing 3 times, last at 1970-04-10T00:00:00Z) -> enter at the provider, as the secret of its webhook, what muster serve has in MUSTER_GITHUB_WEBHOOK_SECRET");
        insta::assert_snapshot!(of("content_type_refused"), @"wrong: deliveries of the App have another content type than JSON or a form (content_type_refused 3 times, last at 1970-04-10T00:00:00Z) -> choose application/json at the provider");
        insta::assert_snapshot!(of("event_header_refused"), @"note: deliveries of the App were refused (event_header_refused 3 times, last at 1970-04-10T00:00:00Z) -> docs/WEBHOOKS.md lists the answers");
        insta::assert_snapshot!(said(refused("signature_refused", 50 * DAY + 1000), vec![]), @"note: deliveries of the App are signed with another secret (signature_refused 3 times, last at 1970-02-20T00:00:01Z); others were accepted less than a day before -> anybody can call this address; where the provider shows them among its own: give muster serve the one of its webhook in MUSTER_GITHUB_WEBHOOK_SECRET");
        assert_eq!(
            said(refused("signature_refused", 49 * DAY), vec![]),
            "",
            "it was accepted since, and nobody uses it"
        );
    }

    #[test]
    fn an_app_that_says_nothing_is_named() {
        assert_eq!(said(AppHookRecord::default(), vec![]), "", "nobody uses it");
        assert_eq!(said(AppHookRecord::default(), vec![installed(NOW.0)]), "", "it was only just installed");
        insta::assert_snapshot!(said(AppHookRecord::default(), vec![installed(DAY)]), @"note: nothing has come from the App yet, whose first installation is here since 1970-01-02T00:00:00Z -> is its webhook active at the provider, and is muster serve reached from there? docs/WEBHOOKS.md says which address to enter");
        let silent = |days| AppHookRecord {
            has_delivered: true,
            delivered_at: Some(Timestamp(NOW.0 - days * DAY)),
            ..AppHookRecord::default()
        };
        assert_eq!(said(silent(13), vec![installed(DAY)]), "");
        insta::assert_snapshot!(said(silent(15), vec![installed(DAY)]), @"note: nothing has come from the App for 15 days -> where something was pushed since, look at the provider whether its webhook is active");
    }
}
