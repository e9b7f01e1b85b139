//! Sources in their order, problems all at once, secrets nowhere.

use super::*;
use crate::domain::source_text::SourceFile;
use std::sync::Arc;

fn inputs(arguments: &[(&str, &str)], environment: &[(&str, &str)], file: &str) -> Inputs {
    let own = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter();
        pairs
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect()
    };
    Inputs {
        arguments: own(arguments),
        environment: own(environment),
        file: Some(Arc::new(SourceFile {
            name: "etc/dinggang.toml".to_owned(),
            text: file.to_owned(),
        })),
    }
}

fn shown(inputs: &Inputs, setting: Setting) -> (Option<String>, Origin) {
    let loaded = load(inputs).expect("in order");
    let effective = loaded.effective.into_iter();
    let one = effective.into_iter().find(|e| e.setting == setting);
    let one = one.expect("every setting is shown");
    (one.value, one.origin)
}

/// Problems as `place key: code`, in the order told.
fn problems(inputs: &Inputs) -> Vec<String> {
    let problems = load(inputs).expect_err("something is wrong");
    let place = |origin: &Origin| match origin {
        Origin::CommandLine => "command line".to_owned(),
        Origin::Variable(name) => name.clone(),
        Origin::File(place) => format!("{:?}", place.line_column()),
        Origin::Default => "default".to_owned(),
    };
    problems
        .iter()
        .map(|p| {
            let key = p.setting.map_or("-", Setting::key);
            format!("{} {key}: {:?}", place(&p.origin), p.kind)
        })
        .collect()
}

#[test]
fn nothing_given_is_enough() {
    let loaded = load(&Inputs::default()).expect("defaults");
    let config = loaded.config;
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database.reveal(), "sqlite://dinggang.db");
    assert_eq!(config.key_file, Path::new("dinggang.key"));
    assert_eq!(config.public_url.page("/a"), "http://127.0.0.1:8080/a");
    assert!(
        matches!(config.mail, Mail::Folder { path, .. } if path.ends_with("dinggang-data/mail"))
    );
    assert_eq!(config.upload_limit, Size(32 << 20));
    assert!(loaded.effective.iter().all(|e| e.origin == Origin::Default));
    let unset = loaded.effective.iter().filter(|e| e.value.is_none());
    let unset: Vec<Setting> = unset.map(|e| e.setting).collect();
    assert_eq!(
        unset,
        [
            Setting::Policies,
            Setting::SmtpUrl,
            Setting::MailFrom,
            Setting::SmtpRoots
        ]
    );
    assert_eq!(loaded.effective.len(), Setting::ALL.len());
}

#[test]
fn command_line_then_environment_then_file() {
    let file = "listen = \"0.0.0.0:1\"\nlog = \"warn\"\nsession_idle = \"10m\"\n";
    let env = [("DINGGANG_LISTEN", "0.0.0.0:2"), ("DINGGANG_LOG", "debug")];
    let all = inputs(&[("listen", "0.0.0.0:3")], &env, file);
    let given = |setting| shown(&all, setting);
    let (value, origin) = given(Setting::Listen);
    assert_eq!(
        (value.as_deref(), origin),
        (Some("0.0.0.0:3"), Origin::CommandLine)
    );
    let (value, origin) = given(Setting::Log);
    let variable = Origin::Variable("DINGGANG_LOG".to_owned());
    assert_eq!((value.as_deref(), origin), (Some("debug"), variable));
    let (value, origin) = given(Setting::SessionIdle);
    assert_eq!(value.as_deref(), Some("10m"));
    assert!(matches!(origin, Origin::File(place) if place.line_column() == (3, 16)));
    let loaded = load(&all).expect("in order");
    assert_eq!(loaded.config.key_file, Path::new("etc/dinggang.key"));
}

#[test]
fn the_database_of_other_programs_is_honoured() {
    let url = "postgres://hr:geheim@db/dinggang";
    let (value, origin) = shown(
        &inputs(&[], &[("DATABASE_URL", url)], ""),
        Setting::Database,
    );
    assert_eq!(value.as_deref(), Some("postgres://hr:***@db/dinggang"));
    assert_eq!(origin, Origin::Variable("DATABASE_URL".to_owned()));
    let both = [
        ("DATABASE_URL", url),
        ("DINGGANG_DATABASE", "sqlite://a.db"),
    ];
    let (value, _) = shown(&inputs(&[], &both, ""), Setting::Database);
    assert_eq!(value.as_deref(), Some("sqlite://a.db"));
}

#[test]
fn secrets_are_shown_nowhere() {
    let file = r#"
        smtp_url = "smtp://hr:geheim@mail:587?tls=required"
        mail_from = "定岗 <hr@example.cn>"
        public_url = "https://dinggang.example.cn"
        database = "postgres://db/x?user=hr&password=geheim"
    "#;
    let loaded = load(&inputs(&[], &[], file)).expect("in order");
    assert!(!format!("{loaded:?}").replace(file, "").contains("geheim\""));
    for effective in &loaded.effective {
        assert!(
            !effective.value.as_deref().unwrap_or("").contains("geheim"),
            "{effective:?}"
        );
    }
    assert!(!format!("{:?}", loaded.config).contains("geheim"));
    assert!(
        matches!(loaded.config.mail, Mail::Smtp { url, .. } if url.reveal().contains("geheim"))
    );
    let wrong = inputs(&[], &[("DATABASE_URL", "mysql://hr:geheim@db/x")], "");
    assert!(!problems(&wrong).concat().contains("geheim"));
}

#[test]
fn all_problems_are_told_at_once() {
    let file = "\
listen = \"8080\"
lissten = \"x\"
smtp_url = \"smtp://mail\"
session_idle = \"13h\"
log = { level = \"info\" }
upload_limit = 5
";
    let env = [
        ("DINGGANG_SECOND_FACTOR", "yes"),
        ("DINGGANG_LISTN", "x"),
        ("DINGGANG_SERVICE_HOST", "10.0.0.1"),
        ("DINGGANG_DATA_DIR", ""),
        ("DINGGANG_LANG", "en"),
    ];
    let found = problems(&inputs(&[("trusted_proxies", "10.0.0.0/33")], &env, file));
    assert_eq!(
        found,
        [
            "DINGGANG_LISTN -: Unknown { found: \"DINGGANG_LISTN\", nearest: Some(\"DINGGANG_LISTEN\") }",
            "(2, 1) -: Unknown { found: \"lissten\", nearest: Some(\"listen\") }",
            "(5, 7) log: WrongType",
            "(1, 10) listen: BadValue { value: Some(\"8080\"), wanted: Address }",
            "command line trusted_proxies: BadValue { value: Some(\"10.0.0.0/33\"), wanted: Networks }",
            "(3, 12) smtp_url: Needs(MailFrom)",
            "(3, 12) smtp_url: Needs(PublicUrl)",
            "DINGGANG_SECOND_FACTOR second_factor: BadValue { value: Some(\"yes\"), wanted: SecondFactorRule }",
            "(4, 16) session_idle: NoMoreThan(SessionLifetime)",
            "(6, 16) upload_limit: BadValue { value: Some(\"5\"), wanted: Size }",
        ]
    );
}

#[test]
fn broken_toml_is_a_problem_with_a_place() {
    let found = problems(&inputs(&[], &[], "listen = \nlog = \"loud\"\n"));
    assert!(found[0].starts_with("(1, "), "{found:?}");
    assert!(
        found.iter().any(|p| p.starts_with("(2, 7) log:")),
        "{found:?}"
    );
}

#[test]
fn values() {
    let reads =
        |setting: Setting, text: &str| load(&inputs(&[(setting.key(), text)], &[], "")).is_ok();
    let table: [(Setting, &[&str], &[&str]); 8] = [
        (
            Setting::Listen,
            &["[::1]:8080", "0.0.0.0:80"],
            &["localhost", ":8080", ""],
        ),
        (
            Setting::Database,
            &["sqlite://a.db", "sqlite:///a/b.db", "postgresql://h/x"],
            &["sqlite://", "a.db", "mysql://h/x", ""],
        ),
        (
            Setting::PublicUrl,
            &["https://a.cn/hr/"],
            &["a.cn", "ftp://a.cn", "http://u:p@a.cn"],
        ),
        (
            Setting::MailFrom,
            &["a@b.cn", "定岗 <a@b.cn>"],
            &["a", "a@", "a@b@c", "x <a@b\n>"],
        ),
        (
            Setting::SessionIdle,
            &["90s", "5m", "1h"],
            &["", "5", "0m", "-1m", "1.5h", "99999999999d"],
        ),
        (
            Setting::UploadLimit,
            &["1GiB", "500 kB", "9B"],
            &["", "1 TB", "0B"],
        ),
        (
            Setting::TrustedProxies,
            &["", "10.0.0.0/8, ::1"],
            &["proxy"],
        ),
        (
            Setting::Log,
            &["warn,dinggang=debug"],
            &["loud", "dinggang"],
        ),
    ];
    for (setting, good, bad) in table {
        for text in good {
            assert!(reads(setting, text), "{setting:?} {text:?}");
        }
        for text in bad {
            assert!(!reads(setting, text), "{setting:?} {text:?}");
        }
    }
}

#[test]
fn only_trusted_proxies_are_believed() {
    let networks = Networks::read("10.0.0.0/8,192.168.1.1").expect("networks");
    let contain = |text: &str| networks.contain(text.parse().expect("an address"));
    assert!(contain("10.1.2.3") && contain("192.168.1.1"));
    assert!(!contain("192.168.1.2") && !contain("::1"));
}
