//! What holds for every route: who asks, languages, sizes, media types, keys, versions.

use crate::support::database::on_both;
use crate::support::server::Server;
use dinggang::domain::rights::{Capacity, Extent};
use reqwest::Method;
use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::json;

const ADMINISTRATOR: Capacity = Capacity::Administrator {
    extent: Extent::Everywhere,
};

on_both! {
    async fn nobody_is_told_to_sign_in(database: Database) {
        let server = Server::start(&database).await;
        let nobody = server.nobody();
        assert_eq!(nobody.get("/me").await.problem(401), "not_signed_in");
        assert_eq!(nobody.get("/nothing/here").await.problem(404), "no_route");
        let answer = nobody.send(nobody.request(Method::PATCH, "/me")).await;
        assert_eq!(answer.problem(405), "method");
        let forged = nobody.request(Method::GET, "/me").bearer_auth("dgt_wrong");
        assert_eq!(nobody.send(forged).await.problem(401), "token_over");
        for path in ["//healthz", "//readyz", "//metrics", "/openapi.json", "/docs"] {
            nobody.get(path).await.is(200);
        }
    }

    async fn a_flaw_is_told_with_its_member(database: Database) {
        let server = Server::start(&database).await;
        let nobody = server.nobody();
        for (body, field, code) in [
            (json!({ "user_name": 5, "password": "x" }), "user_name", "wrong_type"),
            (json!({ "user_name": "a" }), "password", "missing"),
            (json!({ "user_name": "a", "password": "x", "more": 1 }), "more", "unknown_field"),
            (json!({ "user_name": "", "password": "x" }), "user_name", "length"),
        ] {
            let answer = nobody.post("/session", body).await.is(400);
            let flaw = &answer.json["errors"][0];
            assert_eq!((flaw["field"].as_str(), flaw["code"].as_str()), (Some(field), Some(code)));
            assert!(!flaw["message"].as_str().expect("words").contains("flaw-"));
        }
        let post = || nobody.request(Method::POST, "/session");
        let json = |body: Vec<u8>| post().header("content-type", "application/json").body(body);
        for body in [&b"{"[..], b"", b"\xff\xfe", b"[1,2]", b"null", b"{} {}"] {
            let answer = nobody.send(json(body.to_vec())).await;
            assert_eq!(answer.problem(400), "bad_request");
        }
        let text = post().header("content-type", "text/plain").body("{}");
        assert_eq!(nobody.send(text).await.problem(415), "media_type");
        assert_eq!(nobody.send(post().body("{}")).await.problem(415), "media_type");
        let huge = json(vec![b' '; 2 << 20]);
        assert_eq!(nobody.send(huge).await.problem(413), "too_large");
    }

    async fn the_language_is_the_clients(database: Database) {
        let server = Server::start(&database).await;
        let client = reqwest::Client::new();
        for (accepted, sentence) in [
            ("zh-CN", "尚未登录，或凭证已失效"),
            ("fr", "尚未登录，或凭证已失效"),
            ("fr, en;q=0.5", "nobody is signed in, or the token is not valid"),
        ] {
            let url = format!("{}/api/v1/me", server.url);
            let answer = client.get(url).header("accept-language", accepted).send().await;
            let problem: serde_json::Value = answer.expect("sent").json().await.expect("JSON");
            assert_eq!(problem["detail"], sentence);
        }
    }

    async fn a_session_works_from_pages_of_this_site_only(database: Database) {
        let server = Server::start(&database).await;
        server.somebody(ADMINISTRATOR).await;
        let nobody = server.nobody();
        let credentials = json!({
            "user_name": "user0", "password": crate::support::office::PASSWORD,
        });
        let answer = nobody.request(Method::POST, "/session").json(&credentials).send().await;
        let answer = answer.expect("sent");
        let cookie = answer.headers()[SET_COOKIE].to_str().expect("text").to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        let cookie = cookie.split(';').next().expect("a cookie").to_owned();
        let with = |method, path| nobody.request(method, path).header(COOKIE, &cookie);
        nobody.send(with(Method::GET, "/me")).await.is(200);
        let from = |origin: &str| with(Method::DELETE, "/session").header("origin", origin);
        let code = nobody.send(from("https://elsewhere.example")).await.problem(403);
        assert_eq!(code, "other_origin");
        let code = nobody.send(with(Method::DELETE, "/session")).await.problem(403);
        assert_eq!(code, "other_origin");
        nobody.send(from(&server.url)).await.is(204);
        let over = nobody.send(with(Method::GET, "/me")).await.problem(401);
        assert_eq!(over, "not_signed_in");
    }

    async fn a_request_with_a_key_is_carried_out_once(database: Database) {
        let server = Server::start(&database).await;
        let admin = server.somebody(ADMINISTRATOR).await;
        let invite = |name: &str, key: &str| {
            let body = json!({ "user_name": name, "name": "张三", "capacities": [] });
            admin.request(Method::POST, "/accounts").header("idempotency-key", key).json(&body)
        };
        let first = admin.send(invite("zhang", "one")).await.is(201);
        let again = admin.send(invite("zhang", "one")).await.is(201);
        assert_eq!(first.json, again.json);
        assert_eq!(admin.send(invite("li", "one")).await.problem(422), "key_of_another");
        // without the key it is another request
        assert_eq!(admin.send(invite("zhang", "two")).await.problem(422), "user_name_taken");
        assert_eq!(admin.send(invite("li", "bad key")).await.problem(400), "bad_key");
        // what was refused may be tried again
        admin.send(invite("wang", "two")).await.is(201);
        let all = admin.get("/accounts").await.is(200);
        assert_eq!(all.json["items"].as_array().map(Vec::len), Some(3));
        // the same at the same time: one is carried out
        let many = (0..8).map(|_| admin.send(invite("zhao", "three")));
        let answers = futures_util::future::join_all(many).await;
        let done = answers.iter().filter(|answer| answer.status == 201).count();
        let refused = answers.iter().filter(|answer| answer.status == 409).count();
        assert!(done >= 1 && done + refused == 8, "{answers:?}");
        let all = admin.get("/accounts").await.is(200);
        assert_eq!(all.json["items"].as_array().map(Vec::len), Some(4));
    }

    async fn a_stale_write_is_told_both_versions(database: Database) {
        let server = Server::start(&database).await;
        let admin = server.somebody(ADMINISTRATOR).await;
        let body = json!({ "user_name": "zhang", "name": "张三", "capacities": [] });
        let made = admin.post("/accounts", body).await.is(201);
        let path = format!("/accounts/{}", made.json["account"].as_str().expect("an id"));
        let tag = admin.get(&path).await.is(200).tag.expect("a tag");
        let act = |tag: Option<&str>| {
            let request = admin.request(Method::POST, &format!("{path}/acts"));
            let request = request.json(&json!({ "act": "disable" }));
            match tag {
                Some(tag) => request.header("if-match", tag),
                None => request,
            }
        };
        assert_eq!(admin.send(act(None)).await.problem(428), "if_match");
        assert_eq!(admin.send(act(Some("*"))).await.problem(428), "if_match");
        let next = admin.send(act(Some(&tag))).await.is(204).tag.expect("a tag");
        assert_ne!(next, tag);
        let stale = admin.send(act(Some(&tag))).await.is(409);
        assert_eq!(stale.json["code"], "stale");
        let version = |tag: &str| tag.trim_matches('"').parse::<i64>().expect("a number");
        assert_eq!(stale.json["expected_version"], version(&tag));
        assert_eq!(stale.json["actual_version"], version(&next));
    }

    async fn lists_come_in_pages(database: Database) {
        let server = Server::start(&database).await;
        let admin = server.somebody(ADMINISTRATOR).await;
        for number in 0..7 {
            let name = format!("member{number}");
            let body = json!({ "user_name": name, "name": "某人", "capacities": [] });
            admin.post("/accounts", body).await.is(201);
        }
        let (mut seen, mut path) = (Vec::new(), "/accounts?limit=3".to_owned());
        loop {
            let page = admin.get(&path).await.is(200);
            for one in page.json["items"].as_array().expect("items") {
                seen.push(one["user_name"].as_str().expect("a name").to_owned());
            }
            match page.json["next"].as_str() {
                Some(next) => path = format!("/accounts?limit=3&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 8);
        assert!(seen.is_sorted());
        assert_eq!(admin.get("/accounts?limit=0").await.problem(400), "bad_request");
        assert_eq!(admin.get("/accounts?limit=x").await.problem(400), "bad_request");
    }
}
