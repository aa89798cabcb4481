//! People type, five keystrokes a second each; others read.

use std::{rc::Rc, time::Duration};

use tokio::{
    sync::{Semaphore, watch},
    task::spawn_local,
    time::{Instant, sleep, sleep_until, timeout},
};

use super::{DRAIN_PATIENCE, JOIN_PATIENCE, JOINING_AT_ONCE, KEY_EVERY, Phase, Times, client_id, join, live, settle};
use crate::{
    Failure, Result, browser::Browser, document::Document, meter::Meter, process::Process, report::Report,
    target::Target,
};

pub(super) async fn run(
    target: &Rc<Target>,
    server: &Process,
    documents: usize,
    writers: usize,
    readers: usize,
    times: Times,
) -> Result<Report> {
    let mut report = Report::default();
    report.note("rss_idle_mb", server.resident_mb()?);
    let meter = Rc::new(Meter::default());
    let phase = gather(target, &meter, documents, writers, readers).await?;
    let people = documents * (writers + readers);

    let own = Process::new(std::process::id(), Vec::new());
    let start = Instant::now() + times.warm_up;
    let start_nanos = meter.now() + times.warm_up.as_nanos() as u64;
    meter.set_window(start_nanos, start_nanos + times.window.as_nanos() as u64);
    phase.send_replace(Phase::Typing);
    sleep_until(start).await;
    let (server_before, own_before) = (server.cpu_times()?, own.cpu_times()?);
    sleep_until(start + times.window).await;
    let (used, own_used) = (
        server.cpu_times()?.since(&server_before),
        own.cpu_times()?.since(&own_before),
    );
    let during = meter.counts();
    report.note("rss_load_mb", server.resident_mb()?);
    phase.send_replace(Phase::Listening);
    arrive(target, &meter).await;

    let counts = meter.counts();
    report.note("fanout_p50_ms", counts.fanout.quantile_ms(0.5));
    report.note("fanout_p99_ms", counts.fanout.quantile_ms(0.99));
    report.note("delivered", counts.delivered as f64);
    report.note("expected", counts.expected as f64);
    report.note("ack_p50_ms", counts.acks.quantile_ms(0.5));
    report.note("ack_p99_ms", counts.acks.quantile_ms(0.99));
    if target.kind.acknowledges() {
        report.note("acked", counts.acks.count() as f64);
    }
    report.note("edits", counts.edits as f64);
    let thousand_edits = during.edits as f64 / 1_000.0;
    let thousand_deliveries = during.deliveries_meanwhile as f64 / 1_000.0;
    report.note("sync_ms_per_1000_edits", used.sync_ms / thousand_edits);
    report.note("sync_ms_per_1000_deliveries", used.sync_ms / thousand_deliveries);
    if server.tells_store_apart() {
        report.note("store_ms_per_1000_edits", used.store_ms / thousand_edits);
        report.note("store_ms_per_1000_deliveries", used.store_ms / thousand_deliveries);
    }
    let seconds = times.window.as_secs_f64();
    let core = |used_ms: f64| used_ms / seconds / 10.0;
    report.note("server_core_percent", core(used.sync_ms + used.store_ms));
    report.note("load_core_percent", core(own_used.sync_ms));
    report.note(
        "client_bytes_per_s",
        during.bytes_meanwhile as f64 / people as f64 / seconds,
    );
    report.note(
        "client_frames_per_s",
        during.frames_meanwhile as f64 / people as f64 / seconds,
    );
    report.note("lost_sockets", counts.lost as f64);
    report.note("unreadable", counts.unreadable as f64);
    phase.send_replace(Phase::Ended);
    Ok(report)
}

/// Opens the documents with so many writers and readers each, and waits until all are there. The channel tells them what
/// to do.
pub(super) async fn gather(
    target: &Rc<Target>,
    meter: &Rc<Meter>,
    documents: usize,
    writers: usize,
    readers: usize,
) -> Result<watch::Sender<Phase>> {
    let (phase, phases) = watch::channel(Phase::Listening);
    let doors = Rc::new(Semaphore::new(JOINING_AT_ONCE));
    let people = documents * (writers + readers);
    for room in 0..documents {
        let document = Rc::new(Document::default());
        for seat in 0..writers + readers {
            let number = room * (writers + readers) + seat;
            let browser = if seat < writers {
                Browser::writer(&document, meter, seat, client_id(number))
            } else {
                Browser::reader(&document, meter, seat)
            };
            // Writers are spread evenly over the time between two keystrokes, whoever else is there.
            let offset =
                KEY_EVERY.mul_f64(((room * writers + seat.min(writers - 1)) as f64) / (documents * writers) as f64);
            let listeners = (writers + readers - 1) as u64;
            let (target, meter, doors, phases) =
                (Rc::clone(target), Rc::clone(meter), Rc::clone(&doors), phases.clone());
            spawn_local(async move {
                let mut browser = browser;
                let door = doors.acquire().await;
                match join(&mut browser, &target, room).await {
                    Ok(connection) => {
                        drop(door);
                        meter.count(|counts| counts.ready += 1);
                        live(browser, connection, phases, meter, listeners, offset).await;
                    }
                    Err(_) => meter.count(|counts| counts.lost += 1),
                }
            });
        }
    }
    let all_joined = timeout(JOIN_PATIENCE, async {
        while meter.count(|counts| counts.ready) < people {
            sleep(Duration::from_millis(10)).await;
        }
    });
    if all_joined.await.is_err() {
        let ready = meter.counts().ready;
        return Err(Failure(format!(
            "only {ready} of {people} joined within {} s",
            JOIN_PATIENCE.as_secs()
        )));
    }
    Ok(phase)
}

/// Waits until everything of the window has arrived and is acknowledged, or nothing more comes.
pub(super) async fn arrive(target: &Target, meter: &Meter) {
    let arrived = || meter.count(|counts| counts.delivered + counts.acks.count());
    settle(DRAIN_PATIENCE, arrived, || {
        meter.count(|counts| {
            let acknowledged = !target.kind.acknowledges() || counts.acks.count() >= counts.edits;
            acknowledged && counts.delivered >= counts.expected
        })
    })
    .await;
}
