//! Robots of group chats: a post with a signature, to hosts that were allowed, about nobody.

use super::world::{World, day, morning};
use crate::support::database::on_both;
use crate::support::office::administrator;
use crate::support::records::work;
use dinggang::domain::refusal::Refusal;
use dinggang::mail::sign;
use dinggang::service::ServiceError;
use dinggang::service::delivery::{self, NewRobot, Style};
use dinggang::store::outbox::{self, Message};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers each post and keeps it.
async fn chat(port: u16, answer: &'static str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let posts: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = posts.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = Vec::new();
            let mut piece = [0; 4096];
            loop {
                let read = stream.read(&mut piece).await.unwrap_or(0);
                bytes.extend_from_slice(&piece[..read]);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
                    let length = head.to_lowercase();
                    let length = length.split("content-length: ").nth(1);
                    let length = length.and_then(|rest| rest.lines().next()?.parse().ok());
                    length.is_some_and(|length: usize| body.len() >= length)
                });
                if whole || read == 0 {
                    kept.lock().expect("posts").push(text);
                    break;
                }
            }
            let text = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n{answer}",
                answer.len()
            );
            let _ = stream.write_all(text.as_bytes()).await;
        }
    });
    (port, posts)
}

on_both! {
    async fn a_group_is_told(database: Database) {
        let world = World::new(&database.store, 0).await;
        let (port, posts) = chat(0, r#"{"errcode":0,"errmsg":"ok"}"#).await;
        let (office, now) = (&world.office, morning(day("2026-11-23")));
        let hooks = dinggang::mail::Hooks::new(
            vec![format!("127.0.0.1:{port}")],
            std::time::Duration::from_secs(5),
        );
        let mut post = office.post.as_ref().clone();
        post.hooks = hooks;
        let office = crate::support::office::with_post(office, post);
        let robot = |url: &'static str| NewRobot {
            name: "人事群",
            style: Style::DingTalk,
            url,
            secret: Some("SEC000"),
            institution: None,
            area: None,
        };
        let refused = delivery::add_robot(
            &office, &administrator(), &robot("https://elsewhere.example.cn/robot"), now,
        ).await;
        assert!(matches!(refused, Err(ServiceError::Refused(reasons))
            if reasons == [Refusal::HostNotAllowed]));
        let url: &'static str = format!("http://127.0.0.1:{port}/robot/send?access_token=t0k3n").leak();
        let made = delivery::add_robot(&office, &administrator(), &robot(url), now).await.expect("made");
        // neither address nor key stands in the database
        for column in ["url", "coalesce(secret, '')"] {
            let kept = database.lines(&format!("select {column} from webhook")).await;
            assert!(!kept[0].contains("t0k3n") && !kept[0].contains("SEC000"), "{kept:?}");
        }
        let message = Message {
            id: office.chance.id(now),
            key: "robot".to_owned(),
            kind: "establishment_review".to_owned(),
            recipient: format!("webhook:{}", made.id),
            body: r#"{"facts":{"month":"2027-05"},"because":[],"page":"/institutions/1","about":"2027-05-01"}"#.to_owned(),
            created_at: now,
            attempts: 0,
            fault: None,
        };
        work!(office.store, |tx, message: Message, now: dinggang::domain::time::Timestamp| -> bool {
            outbox::append(tx, message, *now).await
        }).expect("appended");
        assert_eq!(delivery::dispatch(&office, "test", now).await.expect("sent"), 1);
        let posts = posts.lock().expect("posts").clone();
        assert_eq!(posts.len(), 1);
        let millis = now.unix_millis();
        let signed = sign("SEC000", millis);
        let signed = url::form_urlencoded::byte_serialize(signed.as_bytes());
        let signed: String = signed.collect();
        let line = posts[0].lines().next().expect("a line");
        assert!(line.contains(&format!("access_token=t0k3n&timestamp={millis}&sign={signed}")), "{line}");
        assert!(posts[0].contains("2027-05"), "{}", posts[0]);
        assert!(posts[0].contains("https://dinggang.example.cn/institutions/1"));
        delivery::remove_robot(&office, &administrator(), made.id, now).await.expect("removed");
        assert!(delivery::robots(&office, &administrator()).await.expect("listed").is_empty());
    }

    async fn an_impersonal_matter_reaches_the_group(database: Database) {
        let world = World::new(&database.store, 0).await;
        let (office, now) = (&world.office, morning(day("2026-11-23")));
        let robot = NewRobot {
            name: "人事群",
            style: Style::WeCom,
            url: "http://127.0.0.1:8099/robot",
            secret: None,
            institution: None,
            area: None,
        };
        delivery::add_robot(office, &administrator(), &robot, now).await.expect("made");
        dinggang::service::reminder::look(office, now).await.expect("looked");
        let kinds = database
            .lines("select distinct kind from outbox where recipient like 'webhook:%'")
            .await;
        for kind in &kinds {
            let personal = ["retirement", "off_quota_begins", "doctor_sixty", "licence_expires"];
            assert!(!personal.contains(&kind.as_str()), "{kind}");
        }
    }
}
