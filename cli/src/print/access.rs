//! What `muster user | token | audit list` shows: rows for people, items for programs.

use std::io::{self, Write};

use muster_store::{AuditRecord, TokenRecord, UserRecord};
use serde::Serialize;
use serde_json::Value;

use super::style::{FAINT, KIND, Look, STRONG};
use super::table::{Cell, Column, Table};

/// A user as JSON.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct UserItem<'a> {
    id: String,
    email: &'a str,
    full_name: Option<&'a str>,
    role: &'static str,
    is_active: bool,
    last_login_at: Option<String>,
    created_at: String,
}

impl<'a> UserItem<'a> {
    /// Of a row.
    pub(crate) fn new(user: &'a UserRecord) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email.as_str(),
            full_name: Some(user.full_name.as_str()).filter(|name| !name.is_empty()),
            role: user.role.as_str(),
            is_active: user.is_active,
            last_login_at: user.last_login_at.map(|time| time.to_string()),
            created_at: user.created_at.to_string(),
        }
    }
}

/// Writes users.
pub(crate) fn write_users(out: &mut impl Write, users: &[UserRecord], look: &Look) -> io::Result<()> {
    let mut table = Table::new([
        Column::words("ID"),
        Column::text("EMAIL", 16),
        Column::text("NAME", 12),
        Column::words("ROLE"),
        Column::words("ADDED"),
        Column::words("LAST LOGIN"),
        Column::words("STATE"),
    ]);
    for user in users {
        table.push([
            Cell::new(&user.id.to_string(), FAINT),
            Cell::new(user.email.as_str(), STRONG),
            user.full_name.as_str().into(),
            Cell::new(user.role.as_str(), KIND),
            user.created_at.to_string().into(),
            Cell::from(user.last_login_at.map(|time| time.to_string()).as_deref()),
            Cell::new(if user.is_active { "" } else { "removed" }, FAINT),
        ]);
    }
    table.write(out, look)
}

/// A token as JSON.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TokenItem<'a> {
    id: String,
    name: &'a str,
    prefix: &'a str,
    role: &'static str,
    user_id: Option<String>,
    created_at: String,
    expires_at: Option<String>,
    last_used_at: Option<String>,
    revoked_at: Option<String>,
}

impl<'a> TokenItem<'a> {
    /// Of a row.
    pub(crate) fn new(token: &'a TokenRecord) -> Self {
        Self {
            id: token.id.to_string(),
            name: &token.name,
            prefix: &token.prefix,
            role: token.role.as_str(),
            user_id: token.user.map(|user| user.to_string()),
            created_at: token.created_at.to_string(),
            expires_at: token.expires_at.map(|time| time.to_string()),
            last_used_at: token.last_used_at.map(|time| time.to_string()),
            revoked_at: token.revoked_at.map(|time| time.to_string()),
        }
    }
}

/// Writes tokens, each with what its user is called.
pub(crate) fn write_tokens(
    out: &mut impl Write,
    tokens: &[(&TokenRecord, &str)],
    look: &Look,
) -> io::Result<()> {
    let mut table = Table::new([
        Column::words("ID"),
        Column::text("NAME", 12),
        Column::words("BEGINS WITH"),
        Column::words("ROLE"),
        Column::text("USER", 16),
        Column::words("MADE"),
        Column::words("USED"),
        Column::words("EXPIRES"),
        Column::words("REVOKED"),
    ]);
    for (token, user) in tokens {
        table.push([
            Cell::new(&token.id.to_string(), FAINT),
            Cell::new(&token.name, STRONG),
            token.prefix.as_str().into(),
            Cell::new(token.role.as_str(), KIND),
            (*user).into(),
            token.created_at.to_string().into(),
            Cell::from(token.last_used_at.map(|time| time.to_string()).as_deref()),
            Cell::from(token.expires_at.map(|time| time.to_string()).as_deref()),
            Cell::from(token.revoked_at.map(|time| time.to_string()).as_deref()),
        ]);
    }
    table.write(out, look)
}

/// An entry of the audit log as JSON.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct AuditItem<'a> {
    seq: i64,
    recorded_at: String,
    actor: &'a str,
    action: &'a str,
    subject: &'a str,
    details: Value,
    hash: String,
}

impl<'a> AuditItem<'a> {
    /// Of a row. Details that are no JSON (we never write any) are shown as text.
    pub(crate) fn new(entry: &'a AuditRecord) -> Self {
        Self {
            seq: entry.seq.0,
            recorded_at: entry.recorded_at.to_string(),
            actor: &entry.actor,
            action: &entry.action,
            subject: &entry.subject,
            details: serde_json::from_str(&entry.details).unwrap_or_else(|_| entry.details.clone().into()),
            hash: entry.head().hash_text(),
        }
    }
}

/// Writes entries of the audit log.
pub(crate) fn write_entries(out: &mut impl Write, entries: &[AuditRecord], look: &Look) -> io::Result<()> {
    let mut table = Table::new([
        Column::number("SEQ"),
        Column::words("TIME"),
        Column::text("ACTOR", 12),
        Column::words("ACTION"),
        Column::text("SUBJECT", 12),
        Column::text("DETAILS", 20),
    ]);
    for entry in entries {
        table.push([
            entry.seq.to_string().into(),
            Cell::new(&entry.recorded_at.to_string(), FAINT),
            Cell::new(&entry.actor, STRONG),
            Cell::new(&entry.action, KIND),
            entry.subject.as_str().into(),
            Cell::new(if entry.details == "{}" { "" } else { &entry.details }, FAINT),
        ]);
    }
    table.write(out, look)
}
