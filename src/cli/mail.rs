//! `dinggang mail`.

use super::arguments::{ConfigArgs, MailTestArgs};
use super::{Environment, Exit, config, office, output, records};
use crate::config::Mail;
use crate::i18n::{Lang, t};
use crate::mail::Carrier;
use crate::service::delivery;
use std::path::Path;

/// Sends a test mail and says what became of it.
pub fn test(args: &MailTestArgs, lang: Lang, environment: &Environment) -> anyhow::Result<Exit> {
    records::with(&args.config, lang, async |config| {
        let office = office::open(&config, lang, environment.now).await?;
        let actor = office::actor();
        let sent = delivery::test(&office, &actor, &args.recipient, lang, environment.now).await;
        office.store.close().await;
        let (key, place) = match &office.post.carrier {
            Carrier::Smtp(server) => ("mail-test-sent", server.host.clone()),
            Carrier::Folder(path) => ("mail-test-folder", path.display().to_string()),
        };
        match sent.map_err(|error| office::told(error, lang))? {
            Ok(()) => {
                let args = [
                    ("where", place.into()),
                    ("to", args.recipient.as_str().into()),
                ];
                output::print(format!("{}\n", t(lang, key, &args)).as_bytes())
            }
            Err(fault) => {
                let detail = [("detail", fault.message.into())];
                eprintln!("dinggang: {}", t(lang, "mail-test-failed", &detail));
                Ok(Exit::Refused)
            }
        }
    })
}

/// Writes a mail of each kind in both languages, about people who do not exist.
pub fn samples(
    out: &Path,
    args: &ConfigArgs,
    lang: Lang,
    environment: &Environment,
) -> anyhow::Result<Exit> {
    let Some(loaded) = config::load(args, lang)? else {
        return Ok(Exit::Usage);
    };
    let mut config = loaded.config;
    config.mail = Mail::Folder {
        path: out.to_owned(),
        from: None,
    };
    let post = office::post(&config, lang)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut written = 0_usize;
    for lang in [Lang::ZhCn, Lang::En] {
        for (_, letter) in delivery::samples(&post, "sample@localhost", lang, environment.now) {
            let sent = runtime.block_on(post.send(&letter));
            sent.map_err(|fault| anyhow::anyhow!(fault.message))?;
            written += 1;
        }
    }
    let args = [
        ("count", written.into()),
        ("where", out.display().to_string().into()),
    ];
    output::print(format!("{}\n", t(lang, "mail-samples-written", &args)).as_bytes())
}
