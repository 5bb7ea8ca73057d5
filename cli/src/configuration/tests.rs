//! Which of flags, environment and file wins, and what is refused.

use super::*;

fn file(text: &str) -> ConfigurationFile {
    ConfigurationFile { path: "config.toml".into(), text: text.to_owned() }
}

fn settled<const N: usize>(flags: &Flags<'_>, variables: [(&str, &str); N], text: &str) -> Settings {
    settle(flags, &Environment::from(variables), Some(&file(text))).unwrap()
}

fn refused<const N: usize>(variables: [(&str, &str); N], text: &str) -> String {
    settle(&Flags::default(), &Environment::from(variables), Some(&file(text))).unwrap_err().to_string()
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let text =
        "database = 'file.db'\ntenant = 'file'\nallow_host = ['file']\nallow_local = true\ncolor = 'never'";
    let variables = [
        ("DATABASE_URL", "env.db"),
        ("MUSTER_TENANT", "env"),
        ("MUSTER_ALLOW_HOST", "e1, e2,"),
        ("MUSTER_ALLOW_LOCAL", "0"),
    ];
    let hosts = ["flag".to_owned()];
    let flags = Flags {
        public_url: None,
        database: Some("flag.db"),
        tenant: Some("flag"),
        allow_hosts: &hosts,
        allow_local: true,
        listen: None,
        colour: Some(ColourChoice::Always),
        config: None,
    };
    let shown = |settings: Settings| {
        let database = settings.database().unwrap();
        (database, settings.tenant, settings.allow_hosts.join(" "), settings.allow_local, settings.colour)
    };
    let words = |name: &str, hosts: &str, local, colour| {
        (format!("{name}.db"), name.to_owned(), hosts.to_owned(), local, colour)
    };
    assert_eq!(shown(settled(&flags, variables, text)), words("flag", "flag", true, ColourChoice::Always));
    assert_eq!(
        shown(settled(&Flags::default(), variables, text)),
        words("env", "e1 e2", false, ColourChoice::Never)
    );
    assert_eq!(shown(settled(&Flags::default(), [], text)), words("file", "file", true, ColourChoice::Never));
}

#[test]
fn directories_are_the_users_own() {
    let home = [("HOME", "/home/me")];
    let settings = settled(&Flags::default(), home, "");
    assert_eq!(settings.database().unwrap(), "/home/me/.local/share/muster/muster.db");
    assert_eq!(settings.cache_dir().unwrap(), Path::new("/home/me/.cache/muster"));
    assert_eq!(settings.tenant, "default");

    let xdg = [("HOME", "/home/me"), ("XDG_DATA_HOME", "/data"), ("XDG_CACHE_HOME", "relative")];
    let settings = settled(&Flags::default(), xdg, "");
    assert_eq!(settings.database().unwrap(), "/data/muster/muster.db");
    assert_eq!(settings.cache_dir().unwrap(), Path::new("/home/me/.cache/muster"));

    let settings = settled(&Flags::default(), [("MUSTER_CACHE_DIR", "/c"), ("HOME", "")], "cache_dir = '/d'");
    assert_eq!(settings.cache_dir().unwrap(), Path::new("/c"));
    assert_eq!(
        settings.database().unwrap_err().to_string(),
        "find a place for the database: set HOME, or give --database (or --no-save, to save nothing)"
    );
    assert!(settle(&Flags::default(), &Environment::default(), None).unwrap().cache_dir().is_err());
}

#[test]
fn a_key_comes_from_one_place_and_is_not_shown() {
    let source =
        |variables: [(&str, &str); 2], text| settled(&Flags::default(), variables, text).key_source();
    let (home, file) = (("HOME", "/home/me"), "key_file = '/k/file'");
    assert_eq!(
        source([home, ("X", "")], ""),
        KeySource::Own("/home/me/.local/share/muster/muster.key".into())
    );
    assert_eq!(source([home, ("X", "")], file), KeySource::Named("/k/file".into()));
    assert_eq!(source([home, ("MUSTER_KEY_FILE", "/k/env")], file), KeySource::Named("/k/env".into()));
    assert_eq!(source([home, ("MUSTER_KEY", "00ff")], file), KeySource::Text(KeyText("00ff".into())));
    let settings = settled(&Flags::default(), [("MUSTER_KEY", "00ff")], "");
    assert!(!format!("{settings:?}").contains("00ff"), "{settings:?}");
    insta::assert_snapshot!(refused([("MUSTER_KEY", "00ff"), ("MUSTER_KEY_FILE", "/k")], ""), @"choose the wrapping key: MUSTER_KEY and MUSTER_KEY_FILE are both set; unset one of them");
    assert_eq!(
        settle(&Flags::default(), &Environment::default(), None).unwrap().key_source(),
        KeySource::Nowhere
    );
}

#[test]
fn no_color_wins_over_the_file_and_not_over_the_flag() {
    let colour = |flags: &Flags<'_>| settled(flags, [("NO_COLOR", "1")], "color = 'always'").colour;
    assert_eq!(colour(&Flags::default()), ColourChoice::Auto);
    assert_eq!(
        colour(&Flags { colour: Some(ColourChoice::Always), ..Flags::default() }),
        ColourChoice::Always
    );
}

#[test]
fn detectors_are_handed_on_alone() {
    let text =
        "tenant = 'a'\n[[detector]]\ntype = 'helm'\nglob = '**/Chart.yaml'\n[detector.name]\nyaml = 'name'\n";
    let detectors = settled(&Flags::default(), [], text).detectors.unwrap();
    let again: toml::Table = detectors.parse().unwrap();
    assert_eq!(again.keys().collect::<Vec<_>>(), ["detector"]);
    let all: toml::Table = text.parse().unwrap();
    assert_eq!(again["detector"], all["detector"]);
    assert_eq!(settled(&Flags::default(), [], "tenant = 'a'").detectors, None);
}

#[test]
fn what_is_not_understood_is_refused_with_its_place() {
    insta::assert_snapshot!(refused([], "tenant = 'a'\ndatabse = 'x'"), @"understand the configuration config.toml: line 2: unknown field `databse`, expected one of `database`, `direct_database`, `key_file`, `tenant`, `cache_dir`, `color`, `allow_host`, `allow_local`, `detector`");
    insta::assert_snapshot!(refused([], "tenant = 3"), @"understand the configuration config.toml: line 1: invalid type: integer `3`, expected a string");
    insta::assert_snapshot!(refused([], "tenant = "), @"understand the configuration config.toml: line 1: string values must be quoted, expected literal string");
    insta::assert_snapshot!(refused([], "color = 'sometimes'"), @r#"understand the configuration config.toml: color is "sometimes": say "auto", "always" or "never""#);
    insta::assert_snapshot!(refused([], "cache_dir = 'here'"), @"understand the configuration config.toml: cache_dir is here: say where it is from the top");
    insta::assert_snapshot!(refused([("MUSTER_ALLOW_LOCAL", "maybe")], ""), @"understand MUSTER_ALLOW_LOCAL: say 1 or 0");
}

#[test]
fn a_file_that_is_named_has_to_be_there() {
    let none = read_file(None, &Environment::from([("HOME", "/nowhere/at/all")])).unwrap();
    assert!(none.is_none());
    assert!(read_file(None, &Environment::default()).unwrap().is_none());
    let error = read_file(Some(Path::new("/nowhere/at/all.toml")), &Environment::default()).unwrap_err();
    assert_eq!(error.to_string(), "read the configuration /nowhere/at/all.toml");
}
