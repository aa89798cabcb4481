//! Edit links of Leitnetz, made as the coordinator makes them.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use crate::{Failure, Result, target::Room};

/// How long an answer may take; the first ones wait for the password's hash.
const PATIENCE: Duration = Duration::from_secs(60);

/// The coordinator's cookie.
const SESSION: &str = "leitnetz=";

/// Sets the coordinator's password with the one-time `secret` and makes `people` links to each of `places`: whoever
/// comes with a link of their own is a participant of their own.
///
/// # Errors
/// When the server does not do what it is asked for.
pub fn make(address: &str, secret: &str, places: &[String], people: usize) -> Result<Vec<Room>> {
    let password = "ein langer Satz zum Messen".replace(' ', "+");
    let answer = post(
        address,
        "set_password",
        &format!("secret={secret}&password={password}"),
        "",
    )?;
    let cookie = answer
        .head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        .filter_map(|(_, cookie)| cookie.split(';').next())
        .find(|cookie| cookie.starts_with(SESSION))
        .ok_or_else(|| Failure("the server set no session cookie".to_owned()))?
        .to_owned();
    let link = |place: &String| {
        let fields = format!("ags={place}&role=participate&label=");
        let answer = post(address, "make_link", &fields, &cookie)?;
        let link: serde_json::Value =
            serde_json::from_str(&answer.body).map_err(Failure::because("make_link answered no JSON"))?;
        let token = link["url"].as_str().and_then(|url| url.rsplit('/').next());
        token
            .map(str::to_owned)
            .ok_or_else(|| Failure(format!("make_link answered {}", answer.body)))
    };
    places
        .iter()
        .map(|place| {
            Ok(Room {
                name: place.clone(),
                tokens: (0..people).map(|_| link(place)).collect::<Result<_>>()?,
            })
        })
        .collect()
}

struct Answer {
    head: String,
    body: String,
}

/// A form sent to the server's interface.
fn post(address: &str, endpoint: &str, fields: &str, cookie: &str) -> Result<Answer> {
    let failed = || format!("{endpoint} was not answered");
    let mut stream = TcpStream::connect(address).map_err(Failure::because(failed()))?;
    stream
        .set_read_timeout(Some(PATIENCE))
        .map_err(Failure::because(failed()))?;
    let request = format!(
        "POST /api/{endpoint} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\naccept: application/json\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\ncookie: {cookie}\r\n\
         connection: close\r\n\r\n{fields}",
        fields.len()
    );
    stream
        .write_all(request.as_bytes())
        .map_err(Failure::because(failed()))?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).map_err(Failure::because(failed()))?;
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text
        .split_once("\r\n\r\n")
        .ok_or_else(|| Failure(format!("{endpoint} answered no HTTP")))?;
    if !head.starts_with("HTTP/1.1 200") {
        let status = head.lines().next().unwrap_or_default();
        return Err(Failure(format!("{endpoint} answered {status}: {body}")));
    }
    Ok(Answer {
        head: head.to_owned(),
        body: body.to_owned(),
    })
}
