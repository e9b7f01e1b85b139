//! `dinggang mail`.

use super::arguments::MailTestArgs;
use super::{Environment, Exit, office, output, records};
use crate::i18n::{Lang, t};
use crate::mail::Carrier;
use crate::service::delivery;

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
