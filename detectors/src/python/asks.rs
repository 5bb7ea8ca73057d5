//! Fields that another file holds: where to look for them.
//!
//! A module is looked for where setuptools would find it without being run: below the package directory that the
//! manifest states, then beside the manifest, then below `src`.

use muster_model::{Ask, AskFor};

/// Package directories as setuptools knows them: a package's name (empty for all others) to its directory.
pub(super) type PackageDirectories = Vec<(String, String)>;

/// `attr: package.module.NAME`. `None` where that is no dotted name.
pub(super) fn for_attribute(field: &str, dotted: &str, directories: &PackageDirectories) -> Option<Ask> {
    let (module, attribute) = dotted.trim().rsplit_once('.').unwrap_or(("__init__", dotted.trim()));
    for_name(field, module, attribute, directories)
}

/// A name at the top level of a module (`pkg.about`, `__version__`).
pub(super) fn for_name(
    field: &str,
    module: &str,
    attribute: &str,
    directories: &PackageDirectories,
) -> Option<Ask> {
    if !is_identifier(attribute) || !module.split('.').all(is_identifier) {
        return None;
    }
    let (first, rest) = module.split_once('.').map_or((module, ""), |(first, rest)| (first, rest));
    let inner = if rest.is_empty() { String::new() } else { format!("/{}", rest.replace('.', "/")) };
    let mut bases = Vec::new();
    for (package, directory) in directories {
        match package.as_str() {
            "" => bases.push(format!("{directory}/{first}{inner}")),
            package if package == first => bases.insert(0, format!("{directory}{inner}")),
            _ => {}
        }
    }
    bases.push(format!("{first}{inner}"));
    bases.push(format!("src/{first}{inner}"));
    let mut paths = Vec::new();
    for base in bases {
        for path in [format!("{base}/__init__.py"), format!("{base}.py")] {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    Some(Ask { field: field.to_owned(), paths, ask: AskFor::Attribute(attribute.to_owned()) })
}

/// A name at the top level of a file that is given by its path.
pub(super) fn for_name_in(field: &str, path: &str, attribute: &str) -> Ask {
    Ask {
        field: field.to_owned(),
        paths: vec![path.to_owned()],
        ask: AskFor::Attribute(attribute.to_owned()),
    }
}

/// `file: A, B`: the text of the first that is there.
pub(super) fn for_text(field: &str, paths: impl IntoIterator<Item = String>) -> Option<Ask> {
    let paths: Vec<String> = paths.into_iter().filter(|path| !path.is_empty()).take(8).collect();
    (!paths.is_empty()).then(|| Ask { field: field.to_owned(), paths, ask: AskFor::Text })
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && text.chars().all(|letter| letter == '_' || letter.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_looked_for_where_it_may_lie() {
        let paths = |dotted: &str, directories: &[(&str, &str)]| {
            let directories = directories.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            for_attribute("version", dotted, &directories).map(|ask| ask.paths.join(" "))
        };
        assert_eq!(
            paths("pkg.__version__", &[]).unwrap(),
            "pkg/__init__.py pkg.py src/pkg/__init__.py src/pkg.py"
        );
        assert_eq!(
            paths("pkg.about.VERSION", &[("", "lib"), ("pkg", "code")]).unwrap(),
            "code/about/__init__.py code/about.py lib/pkg/about/__init__.py lib/pkg/about.py \
             pkg/about/__init__.py pkg/about.py src/pkg/about/__init__.py src/pkg/about.py"
        );
        for odd in ["", "../x.y", "a..b", "a.b/c", "1.a"] {
            assert_eq!(paths(odd, &[]), None, "{odd}");
        }
    }
}
