//! One object of JSON, its fields not yet looked into.
//!
//! Every question has an answer: a field that is missing, null or something else than asked for is not known. So reading
//! is written without conditions, and none can be forgotten. Only fields that some question is about are kept, one of a
//! name: what a sender makes of 25 MB of names costs no memory.

use std::borrow::Cow;
use std::fmt;

use muster_model::{ObjectId, ProviderId, ProviderTime};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{number, text, time};

/// Every field that is ever asked for, sorted. Asking for another one fails every test that does.
const ASKED: [&str; 47] = [
    "account",
    "action",
    "after",
    "archived",
    "assignee",
    "assignees",
    "base",
    "before",
    "body",
    "changes",
    "closed_at",
    "created_at",
    "default_branch",
    "draft",
    "full_name",
    "head",
    "html_url",
    "id",
    "installation",
    "issue",
    "labels",
    "login",
    "merge_commit_sha",
    "merged",
    "merged_at",
    "name",
    "new_issue",
    "new_repository",
    "number",
    "owner",
    "private",
    "pull_request",
    "pushed_at",
    "ref",
    "repo",
    "repositories",
    "repositories_added",
    "repositories_removed",
    "repository",
    "sha",
    "slug",
    "state",
    "state_reason",
    "suspended_at",
    "title",
    "updated_at",
    "user",
];

/// The fields of an object that can be asked for, each with the text of its value. Empty for what is no object.
#[derive(Clone, Debug, Default)]
pub struct Object<'a>(Vec<(&'static str, &'a RawValue)>);

impl<'a> Object<'a> {
    pub(super) fn read(raw: Option<&'a RawValue>) -> Self {
        let object = raw.filter(|raw| raw.get().starts_with('{'));
        object.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
    }

    fn get(&self, name: &str) -> Option<&'a RawValue> {
        debug_assert!(ASKED.binary_search(&name).is_ok(), "{name} belongs into ASKED");
        self.0.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    /// Whether there is an object of that name.
    pub fn has_object(&self, name: &str) -> bool {
        self.get(name).is_some_and(|raw| raw.get().starts_with('{'))
    }

    /// The object of that name; an empty one where there is none.
    pub fn object(&self, name: &str) -> Self {
        Self::read(self.get(name))
    }

    /// The objects among the first `limit` entries of the list of that name. Other entries are passed over.
    pub fn objects(&self, name: &str, limit: usize) -> impl Iterator<Item = Self> + use<'a> {
        let list = self.get(name).filter(|raw| raw.get().starts_with('['));
        let entries = list.and_then(|raw| {
            let mut json = serde_json::Deserializer::from_str(raw.get());
            json.deserialize_seq(Entries(limit)).ok()
        });
        let entries: Vec<&'a RawValue> = entries.unwrap_or_default();
        entries.into_iter().filter(|raw| raw.get().starts_with('{')).map(|raw| Self::read(Some(raw)))
    }

    /// An id: a whole number from 1 to 2^63 - 1, or a text of one.
    pub fn id(&self, name: &str) -> Option<ProviderId> {
        self.get(name).and_then(number::whole).and_then(ProviderId::new)
    }

    /// The number of an issue or pull request, in the same range.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.id(name).and_then(|id| u64::try_from(id.get()).ok())
    }

    /// `true` or `false`.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)?.get() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// A time, however it is written; unknown where there is none.
    pub fn time(&self, name: &str) -> ProviderTime {
        self.get(name).map_or(ProviderTime::UNKNOWN, time::read)
    }

    /// A text of at most `limit` characters; a longer one is cut there and ends with `…`.
    pub fn text(&self, name: &str, limit: usize) -> Option<String> {
        self.get(name).and_then(text::decode).map(|text| text::cut(text, limit))
    }

    /// A text that means nothing once it is cut: not known if it has more than `limit` bytes, or none.
    pub fn exact(&self, name: &str, limit: usize) -> Option<String> {
        self.get(name).and_then(text::decode).filter(|text| (1..=limit).contains(&text.len()))
    }

    /// The address of a page, to be shown as a link: `https` or `http`, printable ASCII, at most 1,024 bytes. So no link
    /// runs a script, and none shows another host than it leads to.
    pub fn page(&self, name: &str) -> Option<String> {
        self.exact(name, text::NAME).filter(|url| {
            let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
            host.is_some_and(|host| !host.is_empty() && !host.contains(['@', '\\']))
                && url.bytes().all(|byte| byte.is_ascii_graphic())
        })
    }

    /// `owner/name`, of the letters, digits, `-`, `_` and `.` that GitHub allows: the address to fetch from will be
    /// built with it.
    pub fn full_name(&self, name: &str) -> Option<String> {
        let part = |part: &str| {
            !matches!(part, "" | "." | "..")
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        self.exact(name, 300)
            .filter(|full| full.split_once('/').is_some_and(|(owner, name)| part(owner) && part(name)))
    }

    /// A commit. The id of zeros, which stands for none, is none.
    pub fn commit(&self, name: &str) -> Option<ObjectId> {
        let id: ObjectId = self.exact(name, 64)?.parse().ok()?;
        id.as_bytes().iter().any(|byte| *byte != 0).then_some(id)
    }

    /// The names in a list of objects, `[{"<key>": ".."}, ..]`: sorted, each once, at most 100.
    pub fn names(&self, list: &str, key: &str) -> Vec<String> {
        let entries = self.objects(list, text::LIST);
        let mut names: Vec<String> = entries.filter_map(|entry| entry.text(key, text::NAME)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// The first entries of a list.
struct Entries(usize);

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while entries.len() < self.0 {
            match list.next_element()? {
                Some(entry) => entries.push(entry),
                None => return Ok(entries),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(entries)
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut fields: Vec<(&str, &RawValue)> = Vec::new();
                while let Some(Key(key)) = map.next_key()? {
                    let asked = ASKED.binary_search_by(|name| name.as_bytes().cmp(&key)).map(|at| ASKED[at]);
                    let Ok(name) = asked else {
                        map.next_value::<IgnoredAny>()?;
                        continue;
                    };
                    let value = map.next_value()?;
                    match fields.iter_mut().find(|(key, _)| *key == name) {
                        Some(field) => field.1 = value, // the last one holds
                        None => fields.push((name, value)),
                    }
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// The name of a field as bytes: as a text, one with a lone surrogate would be an error.
struct Key<'a>(Cow<'a, [u8]>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl<'de> Visitor<'de> for Name {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a field")
            }

            fn visit_borrowed_bytes<E: Error>(self, name: &'de [u8]) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(name)))
            }

            fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(name.to_vec())))
            }
        }
        deserializer.deserialize_bytes(Name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(json: &str) -> Object<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn what_can_be_asked_for_is_sorted() {
        assert!(ASKED.is_sorted_by(|one, other| one < other));
    }

    #[test]
    fn what_is_not_as_asked_is_not_known() {
        for value in
            ["null", "[]", "[{}]", "{}", "\"\"", "-1", "0", "1.5", "1e400", "\"\\ud800\"", "\"x y/z\""]
        {
            let json = format!("{{\"head\":{value}}}");
            let object = object(&json);
            assert_eq!(
                (object.id("head"), object.flag("head"), object.commit("head")),
                (None, None, None),
                "{value}"
            );
            assert_eq!((object.full_name("head"), object.names("head", "name")), (None, vec![]), "{value}");
            assert_eq!(object.object("head").id("id"), None);
        }
        assert_eq!(object("{}").time("created_at"), ProviderTime::UNKNOWN);
    }

    #[test]
    fn odd_names_of_fields_cost_only_themselves() {
        let long = "k".repeat(1 << 20);
        let json = format!(r#"{{"\ud800":1,"__proto__":{{"id":2}},"{long}":3,"\u0069d":4,"":5}}"#);
        let object = object(&json);
        assert_eq!((object.id("id"), object.0.len()), (ProviderId::new(4), 1));
    }

    #[test]
    fn full_names_hold_nothing_that_an_address_could_trip_over() {
        let named = |name: &str| object(&format!("{{\"full_name\":{name:?}}}")).full_name("full_name");
        assert_eq!(named("Some-Org/a.b_c").as_deref(), Some("Some-Org/a.b_c"));
        let long = format!("a/{}", "b".repeat(300));
        for name in [
            "a", "a/", "/b", "a/b/c", "../b", "a/..", "a/b?x", "a/b#", "a@h/b", "a:b/c", "ä/b", "a/b\n",
            &long,
        ] {
            assert_eq!(named(name), None, "{name}");
        }
    }

    #[test]
    fn pages_are_of_the_web() {
        let page = |url: &str| object(&format!("{{\"html_url\":{url:?}}}")).page("html_url");
        for url in ["https://github.com/a/b/issues/1", "http://127.0.0.1:8080/x?y#z"] {
            assert_eq!(page(url).as_deref(), Some(url));
        }
        let long = format!("https://a/{}", "b".repeat(1024));
        for url in [
            "",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "//a/b",
            "https://",
            "https:///a",
            "HTTPS://a",
            "https://user:secret@a/b",
            "https://a@b",
            "https://a b",
            "https://ä/",
            "https://a\n",
            &long,
        ] {
            assert_eq!(page(url), None, "{url:?}");
        }
    }

    #[test]
    fn lists_of_names_are_sorted_and_bounded() {
        let many: Vec<String> = (0..100_000).map(|number| format!("{{\"name\":\"{number:06}\"}}")).collect();
        let json = format!(
            "{{\"labels\":[{{\"name\":\"b\"}},null,7,{{\"name\":null}},{{\"name\":\"a\"}},{{\"name\":\"b\"}}],\
             \"assignees\":[{}]}}",
            many.join(",")
        );
        let object = object(&json);
        assert_eq!(object.names("labels", "name"), ["a", "b"]);
        assert_eq!(object.names("assignees", "name").len(), 100);
    }

    #[test]
    fn no_commit_is_none() {
        let json = format!(
            "{{\"before\":\"{}\",\"after\":\"{}\",\"sha\":\"abc\"}}",
            "0".repeat(40),
            "0".repeat(63) + "1"
        );
        let object = object(&json);
        assert_eq!((object.commit("before"), object.commit("sha")), (None, None));
        assert!(object.commit("after").is_some());
    }
}
