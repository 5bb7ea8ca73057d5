//! A server that cannot be reached, goes away, does not answer, and comes back.

use std::cell::Cell;
use std::time::Duration;

use muster_store::{Connections, Standing, Store, StoreError, Tenant};

use crate::examples::{NOW, commit, first_change, named, tenant};
use crate::proxy::Proxy;
use crate::scratch::{ScratchDatabase, server};
use crate::{HURRIED, PATIENT, reason, refused};

async fn count(tenant: &Tenant) -> Result<usize, StoreError> {
    Ok(tenant.list_repositories(&Default::default()).await?.items.len())
}

#[tokio::test]
async fn a_server_that_is_down_is_said_to_be_and_the_same_command_works_later() {
    let database = ScratchDatabase::new().await;
    let address = database.address("muster_test_service");
    let mut proxy = Proxy::before(&server());
    let url = proxy.through(&address);
    proxy.close();
    let said = refused(&url).await;
    assert!(
        said.starts_with("reach the database server: ")
            && said.contains("onnection refused")
            && said.ends_with("; check that it runs and that the address is right"),
        "{said}"
    );
    proxy.open();
    Store::open_with(&url, PATIENT).await.unwrap().close().await;
    drop(proxy);
    database.remove().await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_waited_for_for_ever() {
    let database = ScratchDatabase::new().await;
    let proxy = Proxy::silent(&server());
    let url = proxy.through(&database.address("muster_test_service"));
    let said = Store::open_with(&url, HURRIED).await.unwrap_err();
    assert_eq!(
        said.to_string(),
        "reach the database server: it did not answer within 5 s; check that it runs and that the address is right"
    );
    database.remove().await;
}

#[tokio::test]
async fn connections_that_broke_while_idle_are_replaced_unnoticed() {
    let database = ScratchDatabase::new().await;
    let proxy = Proxy::before(&server());
    let store =
        Store::open_with(&proxy.through(&database.address("muster_test_service")), PATIENT).await.unwrap();
    let tenant = tenant(&store).await;
    for _ in 0..3 {
        let (a, b, c, d) = tokio::join!(count(&tenant), count(&tenant), count(&tenant), count(&tenant));
        assert_eq!([a.unwrap(), b.unwrap(), c.unwrap(), d.unwrap()], [0; 4]);
        proxy.cut();
    }
    tenant.apply_state(&first_change("k"), NOW).await.unwrap();
    store.close().await;
    database.remove().await;
}

#[tokio::test]
async fn an_open_store_says_why_the_pool_got_no_connection() {
    let database = ScratchDatabase::new().await;
    let mut proxy = Proxy::before(&server());
    let store =
        Store::open_with(&proxy.through(&database.address("muster_test_service")), HURRIED).await.unwrap();
    let tenant = tenant(&store).await;
    proxy.close();
    let failed = count(&tenant).await;
    assert!(matches!(failed, Err(StoreError::Unreachable(_))), "{failed:?}");
    proxy.open();
    assert_eq!(count(&tenant).await.unwrap(), 0);
    store.close().await;
    database.remove().await;
}

/// Four tenants write while the server goes away and comes back: each tries the same batch again until it is in.
#[tokio::test]
async fn a_server_that_goes_away_under_load_costs_nothing_but_tries() {
    const BATCHES: u32 = 30;
    let database = ScratchDatabase::new().await;
    let mut proxy = Proxy::before(&server());
    // Writers of a server that is away try in vain for a while, and a tenant's turn passes on when the server has noticed
    // that whoever had it is gone: neither may run out for want of a processor.
    let patient = Connections { most: 4, patience: Duration::from_secs(10), ..PATIENT };
    let store =
        Store::open_with(&proxy.through(&database.address("muster_test_service")), patient).await.unwrap();
    let (written, failed) = (Cell::new(0), Cell::new(0));
    let mut loads = Vec::new();
    for name in ["a", "b", "c", "d"] {
        let tenant = named(&store, name).await;
        let repository = tenant.apply_state(&first_change("k"), NOW).await.unwrap().repository;
        loads.push((tenant, repository));
    }
    let load = async |n: usize| {
        let (tenant, repository) = &loads[n];
        let repository = *repository;
        for batch in 0..BATCHES {
            let rows: Vec<_> = (0..5).map(|n| commit(5 * batch + n, &["a/x", "b/y"])).collect();
            while let Err(error) = tenant.append_commits(repository, &rows, Standing::default()).await {
                let expected = matches!(error, StoreError::ConnectionLost | StoreError::Unreachable(_));
                assert!(expected, "{error:?}");
                failed.set(failed.get() + 1);
                tokio::task::yield_now().await;
            }
            written.set(written.get() + 1);
        }
    };
    let faults = async {
        for round in 1..=3 {
            while written.get() < round * BATCHES {
                tokio::task::yield_now().await;
            }
            let before = failed.get();
            proxy.close();
            while failed.get() == before {
                tokio::task::yield_now().await;
            }
            proxy.open();
        }
    };
    tokio::join!(load(0), load(1), load(2), load(3), faults);
    for (tenant, _) in loads {
        let listing = tenant.list_repositories(&Default::default()).await.unwrap().items.remove(0);
        assert_eq!(listing.commits, u64::from(5 * BATCHES));
    }
    println!("{} tries failed while the server was away", failed.get());
    store.close().await;
    database.remove().await;
}

#[tokio::test]
async fn what_answers_need_not_be_a_database() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let other = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut client, _) = listener.accept().unwrap();
        _ = client.read(&mut [0; 100]);
        _ = client.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let url = format!("postgres://u:p@127.0.0.1:{port}/d").parse().unwrap();
    let error = reason(Store::open_with(&url, HURRIED).await.unwrap_err());
    other.join().unwrap();
    assert!(matches!(error, StoreError::ConnectionLost | StoreError::Unreachable(_)), "{error:?}");
}
