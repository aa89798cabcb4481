//! Somebody opens a document in which much has been written.

use std::{rc::Rc, time::Duration};

use futures::future::try_join_all;
use model::wire::ClientMessage;
use tokio::time::{Instant, sleep, timeout};

use super::{JOIN_PATIENCE, client_id, join};
use crate::{
    Failure, Result,
    browser::{Browser, send_answers},
    connection::Connection,
    document::Document,
    histogram::Histogram,
    meter::Meter,
    process::Process,
    report::Report,
    target::Target,
};

/// People who write the document. So many, because Leitnetz reads from one socket at a bounded rate.
pub(super) const WRITERS: usize = 100;
/// Letters in one update, as an outbox sends them.
const LETTERS_IN_AN_UPDATE: usize = 50;
/// How often joining is measured.
const JOINS: usize = 20;

pub(super) async fn run(target: &Rc<Target>, server: &Process, edits: usize) -> Result<Report> {
    let mut report = Report::default();
    report.note("rss_idle_mb", server.resident_mb()?);
    let (document, meter) = (Rc::new(Document::default()), Rc::new(Meter::default()));
    let mut writers: Vec<_> = (0..WRITERS)
        .map(|number| Browser::writer(&document, &meter, number, client_id(number)))
        .collect();
    let writing = try_join_all(writers.iter_mut().map(|writer| write(writer, target, edits / WRITERS)));
    let connections = timeout(JOIN_PATIENCE, writing)
        .await
        .map_err(|_| Failure("the document could not be written in time".to_owned()))??;

    // One stays, so that the document stays open; until everything is there the others listen, too.
    let waiting = try_join_all(
        writers
            .iter_mut()
            .zip(connections)
            .map(|(writer, connection)| listen(writer, connection)),
    );
    let mut connections = timeout(JOIN_PATIENCE, waiting)
        .await
        .map_err(|_| Failure("the document was not complete in time".to_owned()))??;
    let stays = connections.pop();
    for connection in connections {
        connection.close().await;
    }
    // A moment for what a server does behind its clients' backs.
    sleep(Duration::from_secs(1)).await;

    let mut times = Histogram::default();
    let mut bytes = 0;
    let before = server.cpu_times()?;
    for number in 0..JOINS {
        let start = Instant::now();
        let mut reader = Browser::reader(&document, &meter, number);
        let mut connection = reader.join(target, 0).await?;
        while !reader.is_synced() {
            let frame = connection.next().await;
            let frame = frame.ok_or_else(|| Failure("the server closed a joining socket".to_owned()))?;
            bytes += frame.len();
            let answers = reader.take(target, &frame);
            send_answers(&mut connection, answers).await?;
        }
        times.record(start.elapsed().as_micros() as u64);
        if !reader.is_complete() {
            return Err(Failure("what a joining reader got is not everything".to_owned()));
        }
        connection.close().await;
    }
    let used = server.cpu_times()?.since(&before);
    report.note("rss_load_mb", server.resident_mb()?);
    report.note("join_p50_ms", times.quantile_ms(0.5));
    report.note("join_max_ms", times.quantile_ms(1.0));
    report.note("join_bytes", bytes as f64 / JOINS as f64);
    report.note("sync_ms_per_join", used.sync_ms / JOINS as f64);
    if server.tells_store_apart() {
        report.note("store_ms_per_join", used.store_ms / JOINS as f64);
    }
    drop(stays);
    Ok(report)
}

/// Joins and writes `letters`, reading meanwhile what the others write.
async fn write(writer: &mut Browser, target: &Rc<Target>, letters: usize) -> Result<Connection> {
    let mut connection = join(writer, target, 0).await?;
    let mut left = letters;
    while left > 0 {
        let piece = left.min(LETTERS_IN_AN_UPDATE);
        left -= piece;
        (0..piece).for_each(|_| writer.type_offline());
        if let Some(update) = writer.unsent() {
            connection.send(&ClientMessage::Update(&update)).await?;
        }
        // Whatever is here already; nobody should have to wait for a slow reader.
        while let Ok(Some(frame)) = timeout(Duration::ZERO, connection.next()).await {
            let answers = writer.take(target, &frame);
            send_answers(&mut connection, answers).await?;
        }
    }
    Ok(connection)
}

/// Listens until everything that was written is there.
async fn listen(writer: &mut Browser, mut connection: Connection) -> Result<Connection> {
    let target = Rc::clone(connection.target());
    while !writer.is_complete() {
        let frame = connection.next().await;
        let frame = frame.ok_or_else(|| Failure("the server closed a writer's socket".to_owned()))?;
        let answers = writer.take(&target, &frame);
        send_answers(&mut connection, answers).await?;
    }
    Ok(connection)
}
