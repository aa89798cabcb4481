//! Listening: hyper with timeouts, and an orderly stop.
//!
//! `axum::serve` sets no header timeout, so a client that never finishes its request would hold a connection for ever. HTTP/1.1 only:
//! whatever terminates TLS speaks it, and finding out which version a connection has would wait without a timeout.

use std::{io::ErrorKind, net::SocketAddr, pin::pin, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use model::limits;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{failure::Failure, rooms::Rooms};

/// How long the head of a request may take.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(15);

/// Takes the address.
///
/// # Errors
/// [`Failure::PortBusy`] or [`Failure::Listen`].
pub async fn listen(addr: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(addr).await.map_err(|reason| match reason.kind() {
        ErrorKind::AddrInUse => Failure::PortBusy { addr: addr.to_string() },
        _ => Failure::Listen {
            addr: addr.to_string(),
            reason,
        },
    })
}

/// Serves until SIGTERM or SIGINT, then lets the rooms commit, closes their sockets and ends.
///
/// # Errors
/// [`Failure::Other`] when the signals cannot be listened for.
pub async fn serve(listener: TcpListener, router: Router, rooms: &Rooms) -> Result<(), Failure> {
    let other = |error: std::io::Error| Failure::Other(error.to_string());
    let mut terminate = signal(SignalKind::terminate()).map_err(other)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(other)?;
    let (connections, stopping) = (TaskTracker::new(), CancellationToken::new());
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_READ_TIMEOUT);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    // Small frames must not wait for one another; a socket that refuses this is only slower.
                    if let Err(error) = stream.set_nodelay(true) {
                        tracing::debug!(error = %error, "TCP_NODELAY could not be set.");
                    }
                    let service = TowerToHyperService::new(router.clone());
                    let connection = builder.serve_connection(TokioIo::new(stream), service).with_upgrades();
                    let stopping = stopping.clone();
                    connections.spawn(async move {
                        let mut connection = pin!(connection);
                        let ended = tokio::select! {
                            ended = connection.as_mut() => ended,
                            () = stopping.cancelled() => {
                                connection.as_mut().graceful_shutdown();
                                connection.await
                            }
                        };
                        if let Err(error) = ended {
                            tracing::debug!(error = %error, "A connection ended early.");
                        }
                    });
                }
                Err(error) => {
                    // Out of file descriptors, for instance: waiting lets connections end.
                    tracing::warn!(error = %error, "A connection could not be accepted.");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
        }
    }
    tracing::info!("Leitnetz is stopping.");
    drop(listener);
    stopping.cancel();
    connections.close();
    let stop = async { tokio::join!(rooms.shutdown(), connections.wait()) };
    if tokio::time::timeout(limits::STOP_WITHIN, stop).await.is_err() {
        tracing::warn!("Some requests were cut off at the stop.");
    }
    Ok(())
}
