//! Everybody was offline, or the server was gone; all have typed meanwhile, and come back at the same moment.

use std::{rc::Rc, time::Duration};

use futures::future::{join_all, try_join_all};
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
    restart,
    target::Target,
};

/// How long everybody is quiet before the server's memory counts as that of rest.
const REST: Duration = Duration::from_secs(2);
/// Letters that everybody types before the network is gone.
const LETTERS_BEFORE: usize = 10;

/// How a return went.
struct Return {
    /// From coming back to having everything that everybody typed; `None` if that never came.
    complete_us: Option<u64>,
    /// From coming back to knowing that one's own work was taken.
    acknowledged_us: Option<u64>,
    bytes: u64,
    /// It stays.
    connection: Option<Connection>,
}

/// Why nobody had a connection.
pub(super) enum Absence {
    /// Nobody had a network for so long.
    Offline(Duration),
    /// The server was killed and started again.
    Restart,
}

pub(super) async fn run(
    target: &Rc<Target>,
    server: &Process,
    people: usize,
    letters: usize,
    absence: Absence,
) -> Result<Report> {
    let mut report = Report::default();
    report.note("rss_idle_mb", server.resident_mb()?);
    let (document, meter) = (Rc::new(Document::default()), Rc::new(Meter::default()));
    let mut browsers: Vec<_> = (0..people)
        .map(|number| {
            let mut browser = Browser::writer(&document, &meter, number, client_id(number));
            (0..LETTERS_BEFORE).for_each(|_| browser.type_offline());
            browser
        })
        .collect();
    let meeting = timeout(
        JOIN_PATIENCE,
        try_join_all(browsers.iter_mut().map(|browser| meet(browser, target))),
    );
    let connections = meeting
        .await
        .map_err(|_| Failure("not everybody got everything before going offline".to_owned()))??;
    let server = match absence {
        Absence::Offline(pause) => {
            join_all(connections.into_iter().map(Connection::close)).await;
            sleep(pause).await;
            server.clone()
        }
        Absence::Restart => {
            sleep(REST).await;
            report.note("rss_rest_mb", server.resident_mb()?);
            let began = Instant::now();
            let restarted = server.with_id(restart::ask()?);
            report.note("down_ms", began.elapsed().as_secs_f64() * 1_000.0);
            report.note("rss_restarted_mb", restarted.resident_mb()?);
            drop(connections);
            restarted
        }
    };
    for browser in &mut browsers {
        (0..letters).for_each(|_| browser.type_offline());
    }

    let back = meter.now();
    meter.set_window(back, u64::MAX);
    for browser in &mut browsers {
        browser.mark_sent(back);
    }
    let before = server.cpu_times()?;
    let returns = join_all(
        browsers
            .iter_mut()
            .map(|browser| come_back(browser, target, &meter, back)),
    )
    .await;
    let used = server.cpu_times()?.since(&before);
    report.note("rss_load_mb", server.resident_mb()?);
    report.note("rss_peak_mb", server.peak_mb()?);

    let (mut complete, mut acknowledged) = (Histogram::default(), Histogram::default());
    report.note(
        "staying",
        returns.iter().filter(|one| one.connection.is_some()).count() as f64,
    );
    for one in &returns {
        if let Some(micros) = one.complete_us {
            complete.record(micros);
        }
        if let Some(micros) = one.acknowledged_us.filter(|_| target.kind.acknowledges()) {
            acknowledged.record(micros);
        }
    }
    let expected = (people * (people - 1) * letters) as f64;
    report.note("back_p50_ms", complete.quantile_ms(0.5));
    report.note("back_p99_ms", complete.quantile_ms(0.99));
    report.note("complete_people", complete.count() as f64);
    report.note("people", people as f64);
    report.note("delivered", meter.counts().delivered as f64);
    report.note("expected", expected);
    report.note("ack_p50_ms", acknowledged.quantile_ms(0.5));
    report.note("ack_p99_ms", acknowledged.quantile_ms(0.99));
    let thousand_edits = (people * letters) as f64 / 1_000.0;
    report.note("sync_ms_per_1000_edits", used.sync_ms / thousand_edits);
    report.note("sync_ms_per_1000_deliveries", used.sync_ms / (expected / 1_000.0));
    if server.tells_store_apart() {
        report.note("store_ms_per_1000_edits", used.store_ms / thousand_edits);
        report.note("store_ms_per_1000_deliveries", used.store_ms / (expected / 1_000.0));
    }
    let bytes: u64 = returns.iter().map(|one| one.bytes).sum();
    report.note("client_bytes", bytes as f64 / people as f64);
    Ok(report)
}

/// Joins and stays until everybody's work has arrived and the own one is acknowledged.
async fn meet(browser: &mut Browser, target: &Rc<Target>) -> Result<Connection> {
    let mut connection = join(browser, target, 0).await?;
    let acknowledges = target.kind.acknowledges();
    while !browser.is_complete() || (acknowledges && !browser.is_acknowledged()) {
        let frame = connection.next().await;
        let frame = frame.ok_or_else(|| Failure("the server closed a socket".to_owned()))?;
        let answers = browser.take(target, &frame);
        send_answers(&mut connection, answers).await?;
    }
    Ok(connection)
}

/// Joins again, and again when the server closes the socket, until everything is there and acknowledged.
async fn come_back(browser: &mut Browser, target: &Rc<Target>, meter: &Meter, back: u64) -> Return {
    let mut outcome = Return {
        complete_us: None,
        acknowledged_us: None,
        bytes: 0,
        connection: None,
    };
    let micros = || (meter.now() - back) / 1_000;
    let acknowledges = target.kind.acknowledges();
    let coming = async {
        loop {
            let Ok(mut connection) = browser.join(target, 0).await else {
                sleep(Duration::from_millis(200)).await;
                continue;
            };
            while let Some(frame) = connection.next().await {
                outcome.bytes += frame.len() as u64;
                let answers = browser.take(target, &frame);
                if send_answers(&mut connection, answers).await.is_err() {
                    break;
                }
                if browser.is_synced() && browser.is_complete() {
                    outcome.complete_us.get_or_insert_with(micros);
                }
                if browser.is_synced() && browser.is_acknowledged() {
                    outcome.acknowledged_us.get_or_insert_with(micros);
                }
                if outcome.complete_us.is_some() && (!acknowledges || outcome.acknowledged_us.is_some()) {
                    outcome.connection = Some(connection);
                    return;
                }
            }
        }
    };
    // What is not there by then stays `None`.
    let _ = timeout(JOIN_PATIENCE, coming).await;
    outcome
}
