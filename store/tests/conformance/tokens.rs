//! Laws of tokens.

use muster_store::{
    AccessRole, FindTokenError, NewToken, NewTokenError, NoRandomness, SecureRandom, Store, StoreError,
    SystemRandom, Tenant, TenantId, Timestamp, Token, TokenFilter, TokenId, TokenRefusal, UserId,
};

use crate::audit::{ada, log};
use crate::examples::{LATER, NOW, named, tenant};
use crate::laws::{Law, law};
use crate::users::{email, new_user};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("create_token", "what a token was made with is read back, but not the token", kept_but_the_token),
        law(
            "create_token",
            "a token that makes no sense is refused and leaves nothing",
            senseless_is_refused,
        ),
        law("create_token", "a token never allows more than its user", never_above_its_user),
        law("find_token", "a token speaks for its tenant and user", speaks_for),
        law("find_token", "whatever is wrong with a token, one sentence is said", one_sentence),
        law("touch_token", "use is noted at most once a minute", once_a_minute),
        law("list_tokens", "pages put together are the list, and ended ones can be left out", tokens_by_page),
        law("revoke_token", "a tenant revokes its own tokens alone, and once", own_and_once),
    ]
}

pub(crate) fn new_token(name: &str) -> NewToken {
    NewToken { name: name.to_owned(), ..NewToken::default() }
}

pub(crate) async fn create(tenant: &Tenant, new: &NewToken) -> (TokenId, Token) {
    tenant.create_token(new, &SystemRandom, NOW, &ada()).await.unwrap()
}

async fn all(tenant: &Tenant) -> Vec<muster_store::TokenRecord> {
    tenant.list_tokens(&TokenFilter::default()).await.unwrap().items
}

async fn kept_but_the_token(store: Store) {
    let tenant = tenant(&store).await;
    let user =
        tenant.add_user(&new_user("ada@example.org", AccessRole::Admin), NOW, &ada()).await.unwrap().id;
    let new = NewToken {
        name: " ci \u{fdd0}".into(),
        role: AccessRole::Member,
        user: Some(user),
        expires_at: Some(LATER),
    };
    let (id, token) = create(&tenant, &new).await;
    let (second, _) = create(&tenant, &new).await;
    assert_eq!((id, second), (TokenId(1), TokenId(2)), "several may have one name");
    let kept = all(&tenant).await.remove(0);
    assert_eq!((kept.id, kept.name.as_str(), kept.role), (id, "ci \u{fdd0}", AccessRole::Member));
    assert_eq!((kept.prefix.as_str(), kept.user), (token.prefix(), Some(user)));
    assert_eq!((kept.created_at, kept.expires_at), (NOW, Some(LATER)));
    assert_eq!((kept.last_used_at, kept.revoked_at), (None, None));
    assert!(!format!("{kept:?} {:?}", log(&tenant).await).contains(token.expose()));
}

async fn senseless_is_refused(store: Store) {
    struct Broken;
    impl SecureRandom for Broken {
        fn fill(&self, _: &mut [u8]) -> Result<(), NoRandomness> {
            Err(NoRandomness)
        }
    }
    let tenant = tenant(&store).await;
    let create =
        async |new: &NewToken| tenant.create_token(new, &SystemRandom, NOW, &ada()).await.map(|made| made.0);
    for name in ["", "  ", "a\nb", &"x".repeat(101)] {
        assert!(matches!(create(&new_token(name)).await, Err(NewTokenError::NotAName)), "{name}");
    }
    let expired = NewToken { expires_at: Some(NOW), ..new_token("x") };
    assert!(matches!(create(&expired).await, Err(NewTokenError::Expired)));
    let unguessable = tenant.create_token(&new_token("x"), &Broken, NOW, &ada()).await;
    assert!(matches!(unguessable, Err(NewTokenError::NoRandomness(_))));
    let nobody =
        store.tenant(TenantId::new(NOW)).create_token(&new_token("x"), &SystemRandom, NOW, &ada()).await;
    assert!(matches!(nobody, Err(NewTokenError::Store(StoreError::NoSuchTenant))));
    assert_eq!((all(&tenant).await, log(&tenant).await), (vec![], vec![]));
}

async fn never_above_its_user(store: Store) {
    let (tenant, other) = (tenant(&store).await, named(&store, "other").await);
    let user =
        tenant.add_user(&new_user("ada@example.org", AccessRole::Member), NOW, &ada()).await.unwrap().id;
    let made = async |of: &Tenant, role, user| {
        of.create_token(&NewToken { role, user: Some(user), ..new_token("x") }, &SystemRandom, NOW, &ada())
            .await
    };
    let above = made(&tenant, AccessRole::Admin, user).await.unwrap_err();
    assert_eq!(
        above.to_string(),
        "make a token that allows more than its user: the user is member, and the token would be admin"
    );
    assert!(made(&tenant, AccessRole::Member, user).await.is_ok());
    for nobody in
        [made(&other, AccessRole::Viewer, user).await, made(&tenant, AccessRole::Viewer, UserId(9)).await]
    {
        assert!(matches!(nobody, Err(NewTokenError::NoSuchUser(_))));
    }
    tenant.remove_user(&email("ada@example.org"), NOW, &ada()).await.unwrap();
    assert!(matches!(made(&tenant, AccessRole::Viewer, user).await, Err(NewTokenError::NoSuchUser(_))));
}

async fn speaks_for(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    let user = acme.add_user(&new_user("ada@example.org", AccessRole::Owner), NOW, &ada()).await.unwrap().id;
    let (_, theirs) = create(&other, &new_token("x")).await;
    let (_, mine) =
        create(&acme, &NewToken { role: AccessRole::Owner, user: Some(user), ..new_token("x") }).await;
    let mine = store.find_token(&Token::parse(mine.expose()).unwrap(), NOW).await.unwrap();
    assert_eq!(
        (mine.tenant, mine.token, mine.role, mine.user),
        (acme.id(), TokenId(1), AccessRole::Owner, Some(user))
    );
    let theirs = store.find_token(&theirs, NOW).await.unwrap();
    assert_eq!((theirs.tenant, theirs.role, theirs.user), (other.id(), AccessRole::Viewer, None));
}

pub(crate) async fn refusal(store: &Store, token: &Token, at: Timestamp) -> Option<TokenRefusal> {
    match store.find_token(token, at).await {
        Ok(_) => None,
        Err(FindTokenError::Refused(refusal)) => {
            assert_eq!(
                refusal.to_string(),
                "accept this token: it is not valid, or no longer; make another with `muster token create`"
            );
            Some(refusal)
        }
        Err(error) => panic!("{error}"),
    }
}

async fn one_sentence(store: Store) {
    let tenant = tenant(&store).await;
    let unknown = Token::generate(&SystemRandom).unwrap();
    assert_eq!(refusal(&store, &unknown, NOW).await, Some(TokenRefusal::Unknown));
    let (id, token) = create(&tenant, &NewToken { expires_at: Some(LATER), ..new_token("x") }).await;
    assert_eq!(refusal(&store, &token, Timestamp(LATER.0 - 1)).await, None);
    assert_eq!(refusal(&store, &token, LATER).await, Some(TokenRefusal::Expired));
    tenant.revoke_token(id, NOW, &ada()).await.unwrap();
    assert_eq!(refusal(&store, &token, NOW).await, Some(TokenRefusal::Revoked));
    assert_eq!(refusal(&store, &token, LATER).await, Some(TokenRefusal::Revoked));
}

async fn once_a_minute(store: Store) {
    let tenant = tenant(&store).await;
    let (_, token) = create(&tenant, &new_token("x")).await;
    let due = async |at: i64| store.find_token(&token, Timestamp(NOW.0 + at)).await.unwrap().touch;
    let touched = async |at: i64| {
        store.touch_token(&token, Timestamp(NOW.0 + at)).await.unwrap();
        all(&tenant).await[0].last_used_at.map(|used| used.0 - NOW.0)
    };
    assert!(due(0).await);
    assert_eq!(touched(0).await, Some(0));
    assert!(!due(59_999).await && due(60_000).await);
    assert_eq!(touched(59_999).await, Some(0));
    assert_eq!(touched(60_000).await, Some(60_000));
    assert_eq!(touched(0).await, Some(60_000), "a clock that stands behind takes nothing back");
    store.touch_token(&Token::generate(&SystemRandom).unwrap(), NOW).await.unwrap();
    assert_eq!(log(&tenant).await.len(), 1, "use is no change of access");
}

async fn tokens_by_page(store: Store) {
    let (tenant, other) = (tenant(&store).await, named(&store, "other").await);
    create(&other, &new_token("theirs")).await;
    for n in 0..5 {
        create(&tenant, &NewToken { expires_at: (n == 1).then_some(LATER), ..new_token("x") }).await;
    }
    tenant.revoke_token(TokenId(4), NOW, &ada()).await.unwrap();
    for (valid_at, expected) in
        [(None, vec![1, 2, 3, 4, 5]), (Some(NOW), vec![1, 2, 3, 5]), (Some(LATER), vec![1, 3, 5])]
    {
        for limit in 1..6 {
            let (mut filter, mut ids) = (TokenFilter { valid_at, limit, after: None }, Vec::new());
            loop {
                let page = tenant.list_tokens(&filter).await.unwrap();
                ids.extend(page.items.iter().map(|token| token.id.0));
                filter.after = page.next;
                if filter.after.is_none() {
                    break;
                }
            }
            assert_eq!(ids, expected);
        }
    }
}

async fn own_and_once(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    let (id, token) = create(&acme, &new_token("x")).await;
    assert_eq!(other.revoke_token(id, NOW, &ada()).await.unwrap(), None);
    assert_eq!(refusal(&store, &token, NOW).await, None);
    assert_eq!(acme.revoke_token(id, NOW, &ada()).await.unwrap().unwrap().revoked_at, None);
    assert_eq!(acme.revoke_token(id, LATER, &ada()).await.unwrap().unwrap().revoked_at, Some(NOW));
    assert_eq!(all(&acme).await[0].revoked_at, Some(NOW));
    assert_eq!((log(&acme).await.len(), log(&other).await.len()), (2, 0));
}
