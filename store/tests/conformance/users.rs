//! Laws of users.

use muster_store::{
    AccessRole, EmailAddress, NewTenant, NewToken, NewUser, Store, StoreError, SystemRandom, Tenant,
    TenantId, TenantLimits, TokenFilter, TokenId, UserError, UserFilter, UserId,
};

use crate::audit::{ada, log};
use crate::examples::{LATER, NOW, named, new_tenant, tenant};
use crate::laws::{Law, law};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law(
            "add_user",
            "an address is one user's, and another tenant's user is another",
            one_address_one_user,
        ),
        law("add_user", "who is added again after being removed is back under his id", back_again),
        law("add_user", "of a hundred at once as many succeed as the quota has room for", quota_holds),
        law("add_user", "a tenant that is not there has no users", nobody_has_no_users),
        law(
            "find_user",
            "a user is found by any spelling of his address, by his own tenant",
            one_address_one_user,
        ),
        law(
            "list_users",
            "pages put together are the list, and removed ones come when asked for",
            users_by_page,
        ),
        law("change_user_role", "tokens that allow more than the new role are revoked", too_much_is_revoked),
        law("change_user_role", "the last owner stays one", last_owner_stays),
        law("remove_user", "a removed user is inactive and his tokens are revoked", removed_with_tokens),
        law("remove_user", "of two owners who remove each other at once one stays", one_of_two_owners_stays),
    ]
}

pub(crate) fn email(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

pub(crate) fn new_user(address: &str, role: AccessRole) -> NewUser {
    NewUser { email: email(address), full_name: None, role }
}

/// A tenant that may have so many users.
pub(crate) async fn with_quota(store: &Store, max_users: u64) -> Tenant {
    let limits = TenantLimits { max_users: Some(max_users), ..TenantLimits::default() };
    store.create_tenant(&NewTenant { limits, ..new_tenant("small") }, NOW).await.unwrap()
}

async fn add(tenant: &Tenant, address: &str, role: AccessRole) -> UserId {
    tenant.add_user(&new_user(address, role), NOW, &ada()).await.unwrap().id
}

async fn one_address_one_user(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    let new = NewUser {
        full_name: Some(" Ada L \u{202e}".into()),
        ..new_user(" Ada@Example.org", AccessRole::Admin)
    };
    let added = acme.add_user(&new, NOW, &ada()).await.unwrap();
    assert_eq!((added.id, added.is_back), (UserId(1), false));
    let again =
        acme.add_user(&new_user("ADA@EXAMPLE.ORG", AccessRole::Owner), LATER, &ada()).await.unwrap_err();
    assert_eq!(
        again.to_string(),
        "add ada@example.org: there is such a user already; muster user role changes what they may do"
    );
    let user = acme.find_user(&email("ada@EXAMPLE.org")).await.unwrap().unwrap();
    assert_eq!((user.email.as_str(), user.full_name.as_str()), ("ada@example.org", "Ada L \u{202e}"));
    assert_eq!((user.role, user.is_active, user.created_at), (AccessRole::Admin, true, NOW));
    assert_eq!((user.id, user.last_login_at), (added.id, None));
    assert_eq!(other.find_user(&user.email).await.unwrap(), None);
    assert_eq!(
        add(&other, "ada@example.org", AccessRole::Viewer).await,
        UserId(1),
        "each tenant counts for itself"
    );
    for name in ["a\nb".to_owned(), "x".repeat(201)] {
        let new = NewUser { full_name: Some(name), ..new_user("b@example.org", AccessRole::Admin) };
        assert!(matches!(acme.add_user(&new, NOW, &ada()).await, Err(UserError::NotAName)));
    }
    assert_eq!(log(&acme).await.len(), 1, "what did not happen is not told");
}

async fn back_again(store: Store) {
    let tenant = with_quota(&store, 1).await;
    let first = NewUser { full_name: Some("Ada".into()), ..new_user("ada@example.org", AccessRole::Admin) };
    let id = tenant.add_user(&first, NOW, &ada()).await.unwrap().id;
    tenant.remove_user(&first.email, NOW, &ada()).await.unwrap();
    let bob = add(&tenant, "bob@example.org", AccessRole::Member).await;
    let back = new_user("ada@example.org", AccessRole::Viewer);
    let full = tenant.add_user(&back, LATER, &ada()).await;
    assert!(matches!(full, Err(UserError::Store(StoreError::QuotaReached { what: "users", limit: 1 }))));
    tenant.remove_user(&email("bob@example.org"), LATER, &ada()).await.unwrap();
    let added = tenant.add_user(&back, LATER, &ada()).await.unwrap();
    assert!(added.is_back && added.id == id && bob != id);
    let user = tenant.find_user(&back.email).await.unwrap().unwrap();
    assert_eq!((user.full_name.as_str(), user.role, user.created_at), ("Ada", AccessRole::Viewer, NOW));
}

/// How many of so many that are added at once are taken; every other one has to be told of the quota.
pub(crate) async fn taken_of(tenants: &[Tenant], count: usize, limit: u64) -> usize {
    let mut adding = tokio::task::JoinSet::new();
    for n in 0..count {
        let tenant = tenants[n % tenants.len()].clone();
        let new = new_user(&format!("{n}@example.org"), AccessRole::Member);
        adding.spawn(async move { tenant.add_user(&new, NOW, &ada()).await });
    }
    let mut taken = 0;
    for added in adding.join_all().await {
        match added {
            Ok(_) => taken += 1,
            Err(UserError::Store(StoreError::QuotaReached { what: "users", limit: said })) => {
                assert_eq!(said, limit);
            }
            Err(error) => panic!("{error}"),
        }
    }
    taken
}

async fn quota_holds(store: Store) {
    let tenant = with_quota(&store, 7).await;
    assert_eq!(taken_of(std::slice::from_ref(&tenant), 100, 7).await, 7);
    assert_eq!(tenant.list_users(&UserFilter::default()).await.unwrap().items.len(), 7);
    let report = tenant.verify_audit_log(None).await.unwrap();
    assert_eq!((report.verified, report.fault), (7, None));
    let error =
        tenant.add_user(&new_user("x@example.org", AccessRole::Owner), NOW, &ada()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "add to the 7 users that this tenant may have; raise the limit (muster tenant change NAME --max-users N), or \
         remove one that is no longer needed"
    );
}

async fn nobody_has_no_users(store: Store) {
    let nobody = store.tenant(TenantId::new(NOW));
    let added = nobody.add_user(&new_user("x@example.org", AccessRole::Owner), NOW, &ada()).await;
    assert!(matches!(added, Err(UserError::Store(StoreError::NoSuchTenant))));
    assert_eq!(nobody.list_users(&UserFilter::default()).await.unwrap().items, []);
}

async fn users_by_page(store: Store) {
    let tenant = tenant(&store).await;
    for address in ["c@example.org", "a@example.org", "b@example.org", "d@example.org"] {
        add(&tenant, address, AccessRole::Member).await;
    }
    tenant.remove_user(&email("a@example.org"), NOW, &ada()).await.unwrap();
    for (removed, expected) in [(false, vec![1, 3, 4]), (true, vec![1, 2, 3, 4])] {
        for limit in 1..5 {
            let (mut filter, mut ids) = (UserFilter { removed, limit, after: None }, Vec::new());
            loop {
                let page = tenant.list_users(&filter).await.unwrap();
                ids.extend(page.items.iter().map(|user| user.id.0));
                filter.after = page.next;
                if filter.after.is_none() {
                    break;
                }
            }
            assert_eq!(ids, expected);
        }
    }
}

/// A token of each role that the user may give; their ids count up with the roles.
async fn tokens_of(tenant: &Tenant, user: UserId, highest: AccessRole) -> Vec<TokenId> {
    let mut ids = Vec::new();
    for role in AccessRole::ALL.into_iter().filter(|role| *role <= highest) {
        let new = NewToken { name: role.to_string(), role, user: Some(user), expires_at: None };
        ids.push(tenant.create_token(&new, &SystemRandom, NOW, &ada()).await.unwrap().0);
    }
    ids
}

async fn valid(tenant: &Tenant) -> Vec<TokenId> {
    let filter = TokenFilter { valid_at: Some(LATER), ..TokenFilter::default() };
    tenant.list_tokens(&filter).await.unwrap().items.iter().map(|token| token.id).collect()
}

async fn too_much_is_revoked(store: Store) {
    let tenant = tenant(&store).await;
    let user = add(&tenant, "ada@example.org", AccessRole::Admin).await;
    let other = add(&tenant, "bob@example.org", AccessRole::Admin).await;
    let (his, others) = (
        tokens_of(&tenant, user, AccessRole::Admin).await,
        tokens_of(&tenant, other, AccessRole::Admin).await,
    );
    let changed =
        tenant.change_user_role(&email("ada@example.org"), AccessRole::Viewer, LATER, &ada()).await.unwrap();
    assert_eq!((changed.id, changed.before, changed.revoked), (user, AccessRole::Admin, his[1..].to_vec()));
    assert_eq!(valid(&tenant).await, [&his[..1], &others].concat());
    let entries = log(&tenant).await.len();
    let same =
        tenant.change_user_role(&email("ada@example.org"), AccessRole::Viewer, LATER, &ada()).await.unwrap();
    assert_eq!((same.before, same.revoked), (AccessRole::Viewer, vec![]));
    let raised =
        tenant.change_user_role(&email("ada@example.org"), AccessRole::Owner, LATER, &ada()).await.unwrap();
    assert_eq!((raised.before, raised.revoked), (AccessRole::Viewer, vec![]));
    assert_eq!(log(&tenant).await.len(), entries + 1, "no change is not told");
}

async fn last_owner_stays(store: Store) {
    let (tenant, other) = (tenant(&store).await, named(&store, "other").await);
    let owner = email("ada@example.org");
    add(&tenant, "ada@example.org", AccessRole::Owner).await;
    add(&tenant, "bob@example.org", AccessRole::Admin).await;
    add(&other, "carol@example.org", AccessRole::Owner).await;
    let demoted = tenant.change_user_role(&owner, AccessRole::Admin, NOW, &ada()).await.unwrap_err();
    let removed = tenant.remove_user(&owner, NOW, &ada()).await.unwrap_err();
    assert_eq!(demoted.to_string(), removed.to_string());
    assert_eq!(
        removed.to_string(),
        "take ada@example.org off the owners: nobody else is one, and an organisation needs an owner; make another user \
         owner first (muster user role)"
    );
    tenant.change_user_role(&email("bob@example.org"), AccessRole::Owner, NOW, &ada()).await.unwrap();
    tenant.remove_user(&owner, NOW, &ada()).await.unwrap();
    let alone = tenant.change_user_role(&email("bob@example.org"), AccessRole::Viewer, NOW, &ada()).await;
    assert!(matches!(alone, Err(UserError::LastOwner(_))), "a removed owner does not count");
    let gone = tenant.change_user_role(&owner, AccessRole::Owner, NOW, &ada()).await;
    assert!(matches!(gone, Err(UserError::NoSuchUser(_))));
}

async fn removed_with_tokens(store: Store) {
    let tenant = tenant(&store).await;
    let user = add(&tenant, "ada@example.org", AccessRole::Admin).await;
    let other = add(&tenant, "bob@example.org", AccessRole::Viewer).await;
    let his = tokens_of(&tenant, user, AccessRole::Admin).await;
    let others = tokens_of(&tenant, other, AccessRole::Viewer).await;
    tenant.revoke_token(his[1], NOW, &ada()).await.unwrap();
    let removed = tenant.remove_user(&email("ada@example.org"), LATER, &ada()).await.unwrap();
    assert_eq!((removed.id, removed.revoked), (user, vec![his[0], his[2]]));
    assert_eq!(valid(&tenant).await, others);
    let all = tenant.list_tokens(&TokenFilter::default()).await.unwrap().items;
    assert_eq!(all[1].revoked_at, Some(NOW), "the first time counts");
    assert!(!tenant.find_user(&email("ada@example.org")).await.unwrap().unwrap().is_active);
    let again = tenant.remove_user(&email("ada@example.org"), LATER, &ada()).await.unwrap_err();
    assert_eq!(
        again.to_string(),
        "find the user ada@example.org: there is no active one of this address; muster user list --all shows who there is"
    );
    add(&tenant, "ada@example.org", AccessRole::Owner).await;
    assert_eq!(valid(&tenant).await, others, "a token that was revoked stays so");
}

async fn one_of_two_owners_stays(store: Store) {
    let tenant = tenant(&store).await;
    add(&tenant, "ada@example.org", AccessRole::Owner).await;
    add(&tenant, "bob@example.org", AccessRole::Owner).await;
    let remove = async |address: &str| tenant.remove_user(&email(address), NOW, &ada()).await.is_ok();
    let (one, other) = tokio::join!(remove("ada@example.org"), remove("bob@example.org"));
    assert!(one != other);
}
