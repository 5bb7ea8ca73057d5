//! What somebody may attempt against a table to reach the first tenant's row, as statements.

use muster_store::isolation::{Catalogue, Privilege};

use super::rows::{Row, Rows, Whose, quoted};

/// A way to reach a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Read a column of every row.
    Select,
    /// Read a column of the row.
    SelectOne(Whose),
    /// Write a column of every row.
    Update,
    /// Write the row.
    UpdateOne(Whose),
    /// Make one's own row the other's.
    GiveAway,
    /// Add a row that is the other's.
    Insert(Whose),
    /// Write over the row by adding it once more.
    Upsert(Whose),
    /// Write over the row by adding one's own with the same key: where the key is not by tenant.
    UpsertOwn,
    /// Take the row away.
    Delete(Whose),
    /// Refer to the row from a new row of one's own.
    Refer,
    /// Refer to the row from one's own.
    ReferByUpdate,
}

/// One of them, with its statements.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub(super) way: Way,
    /// The column, or the foreign key.
    pub(super) about: String,
    /// It is no more than giving the row to the other tenant: the key that is followed is the tenant's alone.
    pub(super) is_the_tenant: bool,
    statement: String,
    /// The same with the least that has to be allowed, for who is to be refused for want of rights.
    least: String,
}

impl Attempt {
    pub(super) fn statement(&self, least: bool) -> &str {
        if least { &self.least } else { &self.statement }
    }

    pub(super) fn what(&self) -> String {
        format!("{:?} {}", self.way, self.about)
    }

    /// What has to be granted for it.
    pub(super) fn needs(&self) -> &'static [Privilege] {
        use Privilege::{Delete, Insert, Select, Update};
        match self.way {
            Way::Select | Way::SelectOne(_) => &[Select],
            Way::Update | Way::UpdateOne(_) | Way::GiveAway | Way::ReferByUpdate => &[Update, Select],
            Way::Insert(_) | Way::Refer => &[Insert],
            Way::Upsert(_) | Way::UpsertOwn => &[Insert, Update, Select],
            Way::Delete(_) => &[Delete, Select],
        }
    }
}

/// Everything that can be attempted against a table.
pub(super) fn attempts(catalogue: &Catalogue, rows: &Rows, table: &str) -> Vec<Attempt> {
    let made = &rows.made[table];
    let second = &made.stored[&Whose::Second];
    let mut found = Vec::new();
    let mut add = |way: Way, about: &str, statement: String, least: String| {
        let about = about.to_owned();
        found.push(Attempt { way, about, is_the_tenant: false, statement, least });
    };
    for column in &made.columns {
        let name = column.name.as_str();
        let select = format!("select {name} from {table}");
        add(Way::Select, name, select.clone(), select.clone());
        for (whose, row) in made.stored.iter().filter(|(whose, _)| **whose != Whose::Second) {
            let statement = format!("{select} where {}", rows.is(table, row));
            add(Way::SelectOne(*whose), name, statement, select.clone());
        }
        let statement = format!("update {table} set {name} = {name}");
        let least = format!("update {table} set {name} = {}", quoted(second[name].as_deref()));
        add(Way::Update, name, statement, least);
    }
    let conflict = |row: &Row| {
        let first = made.key.first().map_or("tenant_id", String::as_str);
        let add = rows.insert(table, row);
        format!("{add} on conflict ({}) do update set {first} = excluded.{first}", made.key.join(", "))
    };
    let first_column = &made.columns[0].name;
    for (whose, row) in made.stored.iter().filter(|(whose, _)| **whose != Whose::Second) {
        let is = rows.is(table, row);
        let update = format!("update {table} set {first_column} = {first_column} where {is}");
        add(Way::UpdateOne(*whose), "the row", update.clone(), update);
        let delete = format!("delete from {table}");
        add(Way::Delete(*whose), "the row", format!("{delete} where {is}"), delete);
        let upsert = conflict(row);
        add(Way::Upsert(*whose), "the row", upsert.clone(), upsert);
        let insert = rows.insert(table, &made.fresh[whose]);
        add(Way::Insert(*whose), "a row", insert.clone(), insert);
    }
    if second.contains_key("tenant_id") {
        let first = &made.stored[&Whose::First];
        let to = quoted(first["tenant_id"].as_deref());
        let statement = format!("update {table} set tenant_id = {to} where {}", rows.is(table, second));
        add(Way::GiveAway, "the row", statement, format!("update {table} set tenant_id = {to}"));
        if !made.key.iter().any(|name| name == "tenant_id") {
            let mut own = made.fresh[&Whose::Second].clone();
            own.extend(made.key.iter().map(|name| (name.clone(), first[name].clone())));
            add(Way::UpsertOwn, "the row", conflict(&own), conflict(&own));
        }
    }
    for (name, added, moved) in &made.strays {
        let reference = catalogue.references.iter().find(|reference| reference.name == *name);
        let is_the_tenant = reference.is_some_and(|reference| reference.columns == ["tenant_id"]);
        let insert = rows.insert(table, added);
        let set: Vec<String> =
            moved.iter().map(|(name, value)| format!("{name} = {}", quoted(value.as_deref()))).collect();
        let update = format!("update {table} set {}", set.join(", "));
        let own = format!("{update} where {}", rows.is(table, second));
        for (way, statement, least) in
            [(Way::Refer, insert.clone(), insert), (Way::ReferByUpdate, own, update)]
        {
            found.push(Attempt { way, about: name.clone(), is_the_tenant, statement, least });
        }
    }
    found
}
