//! Laws of what a repository is known by at its provider, and of installations.

use muster_model::{InstallationFacts, Rank, Standing};
use muster_store::{Connection, Provider, Store, Timestamp};

use crate::audit::ada;
use crate::examples::{NOW, first_change, id, named, tenant};
use crate::laws::{Law, law};
use crate::objects::{INSTALLATION, REPOSITORY, connected, one, provider_id, version};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("report_installation", "the larger report holds, whoever has claimed it", installations),
        law("find_repository_by_provider", "one of the tenant's own", own_repositories),
        law("find_repository_by_source_key", "a connected one is found by its address", adopted),
        law("learn_provider_id", "once, and no two have the same", learnt_once),
        law("learn_by_address", "of one that is connected and has no id yet", learnt_by_address),
    ]
}

async fn installations(store: Store) {
    let acme = tenant(&store).await;
    let report = |at, standing| InstallationFacts {
        id: provider_id(INSTALLATION),
        account: "acme".to_owned(),
        standing,
        version: version(at, Rank::Open, at as u8),
    };
    let put = async |report: &InstallationFacts| {
        store.report_installation(Provider::GitHub, report, NOW).await.unwrap()
    };
    let known = async || store.find_installation(Provider::GitHub, INSTALLATION).await.unwrap().unwrap();
    assert!(put(&report(2, Standing::Suspended)).await);
    assert!(!put(&report(2, Standing::Suspended)).await);
    assert!(!put(&report(1, Standing::Active)).await);
    assert_eq!((known().await.tenant, known().await.suspended_at), (None, Some(Timestamp(2))));
    assert!(acme.claim_installation(Provider::GitHub, INSTALLATION, "acme", NOW, &ada()).await.unwrap());
    assert!(put(&report(3, Standing::Active)).await);
    assert_eq!((known().await.tenant, known().await.suspended_at), (Some(acme.id()), None));
    assert!(put(&report(4, Standing::Removed)).await);
    assert_eq!(known().await.removed_at, Some(Timestamp(4)));
}

async fn own_repositories(store: Store) {
    let (acme, other) = (tenant(&store).await, named(&store, "other").await);
    let mine = connected(&acme).await;
    assert_eq!(one(&acme).await, mine);
    assert_eq!(acme.find_repository(mine.id).await.unwrap(), Some(mine.clone()));
    assert_eq!(other.find_repository_by_provider(Provider::GitHub, REPOSITORY).await.unwrap(), None);
    assert_eq!(other.find_repository(mine.id).await.unwrap(), None);
    assert_eq!(acme.find_repository_by_provider(Provider::GitHub, 1).await.unwrap(), None);
}

async fn adopted(store: Store) {
    let acme = tenant(&store).await;
    let key = "https://github.com/acme/one";
    let scanned = acme.apply_state(&first_change(key), NOW).await.unwrap();
    let folder = acme.apply_state(&first_change("/home/x/.git"), NOW).await.unwrap();
    let now = connected(&acme).await;
    assert_eq!((now.id, now.facts.source_key.as_str()), (scanned.repository, "github:5000000123"));
    assert_eq!(now.facts.head, Some(id(1)));
    for address in [key, "https://github.com/ACME/one"] {
        assert_eq!(acme.find_repository_by_source_key(address).await.unwrap(), Some(now.clone()));
    }
    for other in ["https://github.com/acme/on", "https://github.com/acme/one/x", "https://x/acme/one", "/x"] {
        assert_eq!(acme.find_repository_by_source_key(other).await.unwrap(), None, "{other}");
    }
    let found = acme.find_repository_by_source_key("/home/x/.git").await.unwrap().unwrap();
    assert_eq!((found.id, found.provided.id), (folder.repository, None), "a folder is never merged");
    // Made again under the same name: another repository.
    let connection = Connection {
        provider: Some((Provider::GitHub, 6)),
        full_name: Some("acme/one"),
        clone_url: Some(key),
        ..Connection::default()
    };
    let again = acme.connect_repository(&connection, NOW, &ada()).await.unwrap();
    assert!(![scanned.repository, folder.repository].contains(&again.id));
}

async fn learnt_once(store: Store) {
    let acme = tenant(&store).await;
    let connect = async |address| {
        let connection = Connection { clone_url: Some(address), ..Connection::default() };
        acme.connect_repository(&connection, NOW, &ada()).await.unwrap().id
    };
    let (one, two) = (connect("https://github.com/acme/one").await, connect("/srv/git/two.git").await);
    let learn =
        async |repository, id| acme.learn_provider_id(repository, Provider::GitHub, id).await.unwrap();
    let learnt = learn(one, 5).await.unwrap();
    assert_eq!(learnt.provided.id, Some((Provider::GitHub, 5)));
    assert_eq!(learnt.facts.source_key, "github:5");
    assert_eq!(learn(one, 5).await, Some(learnt));
    assert_eq!(learn(one, 6).await, None, "it has one");
    assert_eq!(learn(two, 5).await, None, "another has it");
    let learnt = learn(two, 7).await.unwrap();
    assert_eq!(learnt.facts.source_key, "/srv/git/two.git", "a folder stays what it is");
}

async fn learnt_by_address(store: Store) {
    let acme = tenant(&store).await;
    let connect = async |address| {
        let connection = Connection { clone_url: Some(address), ..Connection::default() };
        acme.connect_repository(&connection, NOW, &ada()).await.unwrap().id
    };
    acme.apply_state(&crate::examples::first_change("https://github.com/acme/scanned"), NOW).await.unwrap();
    let one = connect("https://github.com/Acme/One.git").await;
    let learn = async |address, id| {
        let learnt = acme.learn_by_address(address, Provider::GitHub, id).await.unwrap();
        learnt.map(|learnt| (learnt.id, learnt.provided.id))
    };
    assert_eq!(learn("https://github.com/acme/two", 5).await, None, "there is none");
    assert_eq!(learn("https://github.com/acme/scanned", 5).await, None, "nobody has connected it");
    assert_eq!(learn("https://github.com/acme/one", 5).await, Some((one, Some((Provider::GitHub, 5)))));
    assert_eq!(learn("https://github.com/acme/one", 6).await, None, "it has an id by now");
    let two = connect("https://github.com/acme/two").await;
    assert_eq!(learn("https://github.com/acme/two", 5).await, None, "another has this id");
    assert_eq!(acme.find_repository(two).await.unwrap().unwrap().provided.id, None);
}
