//! People type, first among themselves, then beside sockets that joined and have stopped reading.

use std::rc::Rc;

use futures::future::try_join_all;
use model::{limits, wire::ClientMessage};
use tokio::{
    task::spawn_local,
    time::{Instant, interval, sleep, sleep_until, timeout},
};

use super::{JOIN_PATIENCE, Phase, Times, typing};
use crate::{
    Failure, Result,
    browser::Browser,
    connection::Connection,
    document::Document,
    meter::Meter,
    process::{Process, tcp_kib},
    report::Report,
    target::Target,
};

pub(super) async fn run(
    target: &Rc<Target>,
    server: &Process,
    writers: usize,
    stalled: usize,
    times: Times,
) -> Result<Report> {
    let mut report = Report::default();
    report.note("rss_idle_mb", server.resident_mb()?);
    let meter = Rc::new(Meter::default());
    let phase = typing::gather(target, &meter, 1, writers, 0).await?;
    let measure = async || {
        let start = Instant::now() + times.warm_up;
        let start_nanos = meter.now() + times.warm_up.as_nanos() as u64;
        meter.start_over();
        meter.set_window(start_nanos, start_nanos + times.window.as_nanos() as u64);
        phase.send_replace(Phase::Typing);
        sleep_until(start + times.window).await;
        phase.send_replace(Phase::Listening);
    };
    measure().await;
    typing::arrive(target, &meter).await;
    let alone = meter.counts();
    let (rss, tcp) = (server.resident_mb()?, tcp_kib()?);
    report.note("rss_load_mb", rss);

    let joining = try_join_all((0..stalled).map(|number| stall(target, &meter, writers + number)));
    let sockets = timeout(JOIN_PATIENCE, joining)
        .await
        .map_err(|_| Failure("not every socket that was to stall could join".to_owned()))??;
    for socket in sockets {
        spawn_local(stay(socket, Rc::clone(&meter)));
    }
    measure().await;
    // While they are still there, with everything that waits for them.
    let (rss_with, tcp_with) = (server.resident_mb()?, tcp_kib()?);
    typing::arrive(target, &meter).await;
    let beside = meter.counts();
    phase.send_replace(Phase::Ended);

    for (counts, [p50, p99, delivered, expected]) in [
        (&alone, ["fanout_p50_ms", "fanout_p99_ms", "delivered", "expected"]),
        (
            &beside,
            [
                "beside_fanout_p50_ms",
                "beside_fanout_p99_ms",
                "beside_delivered",
                "beside_expected",
            ],
        ),
    ] {
        report.note(p50, counts.fanout.quantile_ms(0.5));
        report.note(p99, counts.fanout.quantile_ms(0.99));
        report.note(delivered, counts.delivered as f64);
        report.note(expected, counts.expected as f64);
    }
    let ratio = |share: f64| Some(beside.fanout.quantile_ms(share)? / alone.fanout.quantile_ms(share)?);
    report.note("beside_p50_ratio", ratio(0.5));
    report.note("beside_p99_ratio", ratio(0.99));
    report.note("stalled_rss_kib", (rss_with - rss) * 1e6 / 1_024.0 / stalled as f64);
    report.note("stalled_kernel_kib", (tcp_with - tcp) / stalled as f64);
    report.note("ended_stalled", beside.ended_stalled as f64);
    report.note("lost_sockets", beside.lost as f64);
    report.note("unreadable", beside.unreadable as f64);
    Ok(report)
}

/// Joins like everybody, and asks for the document.
async fn stall(target: &Rc<Target>, meter: &Rc<Meter>, seat: usize) -> Result<Connection> {
    let mut browser = Browser::reader(&Rc::new(Document::default()), meter, seat);
    let mut connection = Connection::open_narrow(target, 0, seat).await?;
    browser.ask(&mut connection).await?;
    Ok(connection)
}

/// Reads nothing, and goes on saying that it is there, as a page whose network only loses one direction. The server may end
/// it: that is what it should do.
async fn stay(mut connection: Connection, meter: Rc<Meter>) {
    let mut ping = interval(limits::PING_EVERY);
    loop {
        ping.tick().await;
        if connection.send(&ClientMessage::Ping).await.is_err() {
            meter.count(|counts| counts.ended_stalled += 1);
            // Its receiving end stays open and full.
            sleep(JOIN_PATIENCE).await;
            return;
        }
    }
}
