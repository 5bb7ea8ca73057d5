//! Laws of the audit log.

use muster_store::{
    AccessRole, Actor, AuditFilter, AuditHead, AuditRecord, AuditSeq, NewToken, Store, SystemRandom, Tenant,
    TokenId,
};

use crate::examples::{LATER, NOW, ODD, named, tenant};
use crate::laws::{Law, law};
use crate::users::{email, new_user};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("audit_entries", "pages put together are the log, newest or oldest first", log_by_page),
        law("audit_entries", "what was done is told with who, what and when", told_with_who_and_when),
        law("audit_entries", "a tenant reads its own log alone", own_log),
        law("verify_audit_log", "a log that was only ever added to holds, and every head it had", log_holds),
        law("verify_audit_log", "a head that never was is not found", strange_head),
    ]
}

pub(crate) fn ada() -> Actor {
    Actor::command_line(Some("ada"))
}

/// The whole log, oldest first.
pub(crate) async fn log(tenant: &Tenant) -> Vec<AuditRecord> {
    let filter = AuditFilter { oldest_first: true, ..AuditFilter::default() };
    tenant.audit_entries(&filter).await.unwrap().items
}

/// Adds so many users, and with them so many entries.
pub(crate) async fn add_users(tenant: &Tenant, count: usize) {
    for n in 0..count {
        tenant
            .add_user(&new_user(&format!("{n}@example.org"), AccessRole::Member), NOW, &ada())
            .await
            .unwrap();
    }
}

async fn log_by_page(store: Store) {
    let tenant = tenant(&store).await;
    add_users(&tenant, 5).await;
    let whole = log(&tenant).await;
    assert_eq!(whole.iter().map(|entry| entry.seq.0).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    for oldest_first in [true, false] {
        for limit in 1..7 {
            let (mut filter, mut items) = (AuditFilter { oldest_first, limit, after: None }, Vec::new());
            loop {
                let page = tenant.audit_entries(&filter).await.unwrap();
                assert!(page.items.len() <= limit);
                items.extend(page.items);
                filter.after = page.next;
                if filter.after.is_none() {
                    break;
                }
            }
            if !oldest_first {
                items.reverse();
            }
            assert_eq!(items, whole);
        }
    }
}

async fn told_with_who_and_when(store: Store) {
    let tenant = tenant(&store).await;
    let ada_at = email("ada@example.org");
    let odd = Actor::command_line(Some(ODD));
    tenant.add_user(&new_user("Ada@example.org", AccessRole::Owner), NOW, &odd).await.unwrap();
    tenant.add_user(&new_user("bob@example.org", AccessRole::Owner), NOW, &ada()).await.unwrap();
    let user = tenant.find_user(&ada_at).await.unwrap().unwrap().id;
    let new = NewToken {
        name: ODD_NAME.into(),
        role: AccessRole::Admin,
        user: Some(user),
        expires_at: Some(LATER),
    };
    let (_, token) = tenant.create_token(&new, &SystemRandom, NOW, &Actor::user(user)).await.unwrap();
    tenant.change_user_role(&ada_at, AccessRole::Admin, LATER, &ada()).await.unwrap();
    tenant.revoke_token(TokenId(1), LATER, &Actor::token(TokenId(1))).await.unwrap();
    tenant.remove_user(&ada_at, LATER, &ada()).await.unwrap();
    let told: Vec<_> = log(&tenant)
        .await
        .into_iter()
        .map(|e| format!("{} {} {} {} {}", e.recorded_at, e.actor, e.action, e.subject, e.details))
        .collect();
    let odd = odd.as_str();
    assert_eq!(
        told,
        [
            format!(
                r#"{NOW} {odd} user.add user:1 {{"email":"ada@example.org","is_back":false,"role":"owner"}}"#
            ),
            format!(
                r#"{NOW} cli:ada user.add user:2 {{"email":"bob@example.org","is_back":false,"role":"owner"}}"#
            ),
            format!(
                r#"{NOW} user:1 token.create token:1 {{"expires_at":"{LATER}","name":"{ODD_NAME}","prefix":"{}","role":"admin","user":1}}"#,
                token.prefix()
            ),
            format!(
                r#"{LATER} cli:ada user.role user:1 {{"before":"owner","email":"ada@example.org","revoked_tokens":[],"role":"admin"}}"#
            ),
            format!(
                r#"{LATER} token:1 token.revoke token:1 {{"name":"{ODD_NAME}","prefix":"{}"}}"#,
                token.prefix()
            ),
            format!(
                r#"{LATER} cli:ada user.remove user:1 {{"email":"ada@example.org","revoked_tokens":[],"role":"admin"}}"#
            ),
        ]
    );
    assert_eq!(tenant.verify_audit_log(None).await.unwrap().verified, 6);
}

const ODD_NAME: &str = "ci \u{fdd0} \u{202e}x 👩\u{200d}💻";

async fn own_log(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    add_users(&acme, 3).await;
    add_users(&other, 1).await;
    assert_eq!((log(&acme).await.len(), log(&other).await.len()), (3, 1));
    assert_ne!(log(&acme).await[0].hash, log(&other).await[0].hash, "a chain is one tenant's");
    assert_eq!(log(&named(&store, "third").await).await, []);
}

async fn log_holds(store: Store) {
    let tenant = tenant(&store).await;
    let empty = tenant.verify_audit_log(None).await.unwrap();
    assert_eq!((empty.verified, empty.head, empty.fault), (0, AuditHead::EMPTY, None));
    let mut heads = vec![empty.head];
    for n in 1..4 {
        add_users(&named(&store, &format!("beside-{n}")).await, 2).await;
        let user = new_user(&format!("{n}@example.org"), AccessRole::Owner);
        tenant.add_user(&user, NOW, &ada()).await.unwrap();
        for head in &heads {
            assert_eq!(tenant.verify_audit_log(Some(*head)).await.unwrap().fault, None);
        }
        let report = tenant.verify_audit_log(None).await.unwrap();
        assert_eq!((report.verified, report.head.seq, report.fault), (n, AuditSeq(n as i64), None));
        heads.push(report.head);
    }
}

async fn strange_head(store: Store) {
    let tenant = tenant(&store).await;
    add_users(&tenant, 2).await;
    for (seq, sentence) in [
        (1, "entry 1 is not the one that is known to have been there: the log was written anew up to there"),
        (2, "entry 2 is not the one that is known to have been there: the log was written anew up to there"),
        (3, "the log ends with entry 2, and entry 3 is known to have been there: its end was removed"),
    ] {
        let report =
            tenant.verify_audit_log(Some(AuditHead { seq: AuditSeq(seq), hash: [7; 32] })).await.unwrap();
        assert_eq!(report.fault.unwrap().to_string(), sentence);
    }
}
