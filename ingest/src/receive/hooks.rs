//! The secrets of a hook, by the last part of its address.
//!
//! Whoever calls may ask for any key as often as he likes, so what was found is remembered for a few seconds, and so is
//! that nothing was; many who ask at once make one look-up; and only a few look-ups run at once, so that a flood of keys
//! does not take the connections from those who record. A key that leads nowhere is looked up like one that does.
//!
//! GitHub sends nothing again, so a secret that was changed a moment ago has to be known: what does not hold against what
//! is remembered is held against what is found afresh, which a key is given once a second.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use muster_store::{RepositoryId, Secret, Store, StoreError, TenantId};
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::Instant;

use super::NotTaken;
use crate::verify::{Hook, Secrets, SecretsError, Verification};

/// How long an answer is remembered: so long a secret that was dropped still holds, and a hook that was removed is known.
const REMEMBERED: Duration = Duration::from_secs(5);
/// A key whose answer did not help is looked up afresh once in so long, however many ask.
const AFRESH: Duration = Duration::from_secs(1);
/// So many keys are remembered.
const KEYS: usize = 10_000;
/// So many are looked up at once.
const LOOK_UPS: usize = 3;
/// Letters of a key; an address with another last part is no hook's, and everybody may know that.
const KEY_LETTERS: usize = 52;

/// A hook that there is.
#[derive(Debug)]
pub(super) struct KnownHook {
    /// `app`, or the key.
    pub(super) name: String,
    /// Whose; none for the App's.
    pub(super) tenant: Option<TenantId>,
    secrets: Secrets,
}

/// What came of a look-up.
#[derive(Clone, Debug)]
enum Found {
    Known(Arc<KnownHook>),
    Unknown,
    Failed,
}

/// Where an answer is or will be.
type Cell = Arc<OnceCell<Found>>;

/// What is remembered of a key.
struct Entry {
    /// When it was asked for.
    asked: Instant,
    cell: Cell,
    /// The last look-up afresh.
    afresh: Option<(Instant, Cell)>,
}

impl Entry {
    fn counts(&self, now: Instant) -> bool {
        self.asked + REMEMBERED > now
    }
}

/// By key.
type Remembered = HashMap<String, Entry>;

/// All hooks.
pub(super) struct Hooks {
    store: Store,
    app: Option<Arc<KnownHook>>,
    remembered: Mutex<Remembered>,
    looking_up: Semaphore,
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hooks(..)")
    }
}

/// Whether an address with this last part may be a hook's.
pub(super) fn is_key(key: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    key.len() == KEY_LETTERS && key.bytes().all(is_letter)
}

/// Begins to verify what came in by this hook. Costs the same whether there is such a hook or not.
pub(super) fn begin(hook: Option<&KnownHook>) -> Verification {
    hook.map_or(Hook::Unknown, |hook| Hook::Known(&hook.secrets)).begin()
}

impl KnownHook {
    /// Whether it has the same secrets as it had before.
    pub(super) fn is_as(&self, before: &Self) -> bool {
        self.secrets.is_same(&before.secrets)
    }
}

impl Hooks {
    pub(super) fn new(store: Store, app: Option<Secrets>) -> Self {
        let app = app.map(|secrets| Arc::new(KnownHook { name: "app".to_owned(), tenant: None, secrets }));
        Self { store, app, remembered: Mutex::default(), looking_up: Semaphore::new(LOOK_UPS) }
    }

    /// The App's own hook, where it has a secret.
    pub(super) fn app(&self) -> Option<Arc<KnownHook>> {
        self.app.clone()
    }

    /// The hook of this key. [`NotTaken::Unavailable`] where nobody can tell.
    pub(super) async fn find(&self, key: &str) -> Result<Option<Arc<KnownHook>>, NotTaken> {
        if !is_key(key) {
            return Ok(None);
        }
        let cell = self.cell(key, Instant::now());
        match cell.get_or_init(|| self.look_up(key)).await {
            Found::Known(hook) => Ok(Some(Arc::clone(hook))),
            Found::Unknown => Ok(None),
            Found::Failed => {
                // Whoever asked with us is told the same; the next one asks anew.
                let mut remembered = self.remembered();
                if remembered.get(key).is_some_and(|entry| Arc::ptr_eq(&entry.cell, &cell)) {
                    remembered.remove(key);
                }
                Err(NotTaken::Unavailable)
            }
        }
    }

    /// The hook of this key as it is since `begun`. None where there is none, and where nobody can tell.
    pub(super) async fn find_afresh(&self, key: &str, begun: Instant) -> Option<Arc<KnownHook>> {
        let (asked, cell) = self.afresh(key, begun, Instant::now())?;
        let found = cell.get_or_init(|| self.look_up(key)).await.clone();
        if !matches!(found, Found::Failed)
            && let Some(entry) = self.remembered().get_mut(key)
            && entry.asked < asked
        {
            (entry.asked, entry.cell) = (asked, Arc::clone(&cell));
        }
        match found {
            Found::Known(hook) => Some(hook),
            Found::Unknown | Found::Failed => None,
        }
    }

    /// Where that answer is or will be, and when it was asked for: what is remembered, where it is no older than `begun`, or
    /// the last look-up afresh, or a new one where that was long enough ago.
    fn afresh(&self, key: &str, begun: Instant, now: Instant) -> Option<(Instant, Cell)> {
        let mut remembered = self.remembered();
        let entry = remembered.get_mut(key)?;
        if entry.asked >= begun {
            return Some((entry.asked, Arc::clone(&entry.cell)));
        }
        let last = entry.afresh.take().filter(|(at, _)| *at + AFRESH > now);
        Some(entry.afresh.insert(last.unwrap_or_else(|| (now, Cell::default()))).clone())
    }

    /// Forgets a hook: it was removed, or its tenant was.
    pub(super) fn forget(&self, key: &str) {
        self.remembered().remove(key);
    }

    /// Where the answer is or will be.
    fn cell(&self, key: &str, now: Instant) -> Cell {
        let mut remembered = self.remembered();
        if let Some(entry) = remembered.get(key)
            && entry.counts(now)
        {
            return Arc::clone(&entry.cell);
        }
        if remembered.len() >= KEYS {
            // Strangers fill it with keys that lead nowhere; those that lead somewhere stay.
            remembered
                .retain(|_, entry| entry.counts(now) && matches!(entry.cell.get(), Some(Found::Known(_))));
            if remembered.len() >= KEYS {
                remembered.clear();
            }
        }
        let cell = Cell::default();
        let entry = Entry { asked: now, cell: Arc::clone(&cell), afresh: None };
        remembered.insert(key.to_owned(), entry);
        cell
    }

    async fn look_up(&self, key: &str) -> Found {
        metrics::counter!("muster_hook_look_ups_total").increment(1);
        // It is never closed.
        let Ok(_turn) = self.looking_up.acquire().await else { return Found::Failed };
        match self.known(key).await {
            Ok(Some(hook)) => Found::Known(Arc::new(hook)),
            Ok(None) => Found::Unknown,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "failed to look up a hook");
                Found::Failed
            }
        }
    }

    async fn known(&self, key: &str) -> Result<Option<KnownHook>, StoreError> {
        let Some(route) = self.store.find_hook(key).await? else {
            // The same second question, about nothing: so the time does not tell.
            let nobody = self.store.tenant(TenantId::new(muster_store::Timestamp(0)));
            return match nobody.webhook_secrets(RepositoryId(0)).await {
                Ok(_) | Err(StoreError::NoSuchRepository | StoreError::NoSuchTenant) => Ok(None),
                Err(error) => Err(error),
            };
        };
        // A suspended tenant's deliveries are recorded: the worker says what becomes of them.
        // The present one, and while it is being changed the one before.
        let secrets = self.store.tenant(route.tenant).webhook_secrets(route.repository).await?;
        let secrets: Vec<_> = secrets.iter().map(Secret::expose).collect();
        match Secrets::new(&secrets) {
            Ok(secrets) => Ok(Some(KnownHook { name: key.to_owned(), tenant: Some(route.tenant), secrets })),
            Err(SecretsError::Empty(_) | SecretsError::None) => {
                tracing::warn!(
                    tenant.id = %route.tenant, repository.id = %route.repository,
                    "a hook has no secret, so nothing that it sends is taken"
                );
                Ok(None)
            }
            Err(SecretsError::TooMany(_)) => Ok(None),
        }
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
