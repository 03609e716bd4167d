//! `serve`: listen, open the folder, answer, and end in order.

use std::net::{SocketAddr, TcpListener as Listener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use store::Options;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::admin;
use crate::api::App;
use crate::clock::now_ms;
use crate::commands::{link_to, print_line, print_link, remember_public_url};
use crate::compaction::compact_grown;
use crate::failure::Failure;
use crate::listen::listen;
use crate::office::Office;
use crate::practice_data::{self, Player};
use crate::program::open_store;
use crate::progress::{Bar, Step};
use crate::settings::ServeSettings;
use crate::starting::Starting;
use crate::tls::Tls;
use crate::web::WebFiles;

/// How often what has grown is compacted.
const COMPACT_EVERY: Duration = Duration::from_secs(20);

/// Runs the service until it is asked to end, or its store fails.
pub fn run(data: &Path, settings: ServeSettings) -> Result<(), Failure> {
    // Before the folder is opened: a mistake in the command line costs no waiting.
    let tls = Tls::of(&settings)?;
    let listener = bind(settings.listen)?;
    let starting = Starting::begin(&listener, tls.clone())?;
    let bar = Bar::default();
    let mut show = |step: Step| {
        starting.show(&step);
        bar.show(&step);
    };
    let store = open_store(data, Options::default(), &bar, &mut show)?;
    if settings.practice {
        practice_data::fill(&*store, now_ms(), settings.scale, &mut show)?;
    }
    let office = Arc::new(Office::open(store, now_ms(), &mut show)?);
    bar.finish();
    let players = if settings.practice {
        practice_data::settle_people(&office)?
    } else {
        Vec::new()
    };
    drop(starting);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::of(&error))?;
    let serving = serve(data, settings, listener, tls, Arc::clone(&office), &players);
    let outcome = runtime.block_on(serving);
    admin::close(data);
    // A thread that hangs on hostile bytes must not keep the program from ending.
    runtime.shutdown_timeout(Duration::from_secs(5));
    outcome?;
    match office.stopping.failure() {
        Some(reason) => Err(Failure::of(&reason)),
        None => Ok(()),
    }
}

fn bind(address: SocketAddr) -> Result<Listener, Failure> {
    let bound = Listener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    bound.map_err(|error| {
        Failure::new(
            &format!("无法监听 {address}（{error}）"),
            &format!("cannot listen on {address}"),
        )
    })
}

async fn serve(
    data: &Path,
    settings: ServeSettings,
    listener: Listener,
    tls: Option<Arc<Tls>>,
    office: Arc<Office>,
    players: &[Player],
) -> Result<(), Failure> {
    let listener = TcpListener::from_std(listener).map_err(|error| Failure::of(&error))?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let address = listener.local_addr().map_err(|error| Failure::of(&error))?;
    let admin = admin::listen(data).map_err(|error| {
        Failure::new(
            &format!("无法打开数据文件夹里的 admin.sock（{error}）"),
            "cannot open admin.sock in the data folder",
        )
    })?;
    let (mut app, finished) = App::new(Arc::clone(&office), WebFiles::new(settings.web));
    app.is_behind_proxy = settings.behind_proxy;
    tokio::spawn(admin::serve(
        admin,
        Arc::clone(&office),
        app.in_flight.clone(),
    ));
    // Before anybody is told that the office is ready: from then on it ends in order when asked.
    let hear = |kind| signal(kind).map_err(|error| Failure::of(&error));
    let asked = [
        hear(SignalKind::terminate())?,
        hear(SignalKind::interrupt())?,
    ];
    tokio::spawn(end_on_signal(Arc::clone(&office), asked));
    tokio::spawn(keep_compact(Arc::clone(&office)));
    if let Some(tls) = &tls {
        tokio::spawn(Arc::clone(tls).keep_renewed());
    }
    if settings.public_url.is_none() && address.ip().is_unspecified() {
        tracing::warn!(
            "手机打不开这样的登记链接，请用 --public-url 写明网址 / phones cannot open links to this address; name it with --public-url"
        );
    }
    let public_url = settings
        .public_url
        .unwrap_or_else(|| format!("{scheme}://{address}"));
    remember_public_url(&*office.store, &public_url)?;
    announce(&office, scheme, address, players)?;
    listen(listener, tls, app, finished, &office).await;
    Ok(())
}

fn announce(
    office: &Office,
    scheme: &str,
    address: SocketAddr,
    players: &[Player],
) -> Result<(), Failure> {
    print_line(&format!("stairwell: ready {scheme}://{address}"));
    for Player { person, host } in players {
        let url = link_to(
            office,
            person.id,
            &format!("{scheme}://{host}:{}", address.port()),
        )?;
        print_link(&person.name, person.role.as_str(), &url);
    }
    Ok(())
}

/// Compacts what has grown, off the way of changes, until the end is called.
async fn keep_compact(office: Arc<Office>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(COMPACT_EVERY) => {}
            () = office.stopping.stopped() => return,
        }
        let at_work = Arc::clone(&office);
        let compacted = tokio::task::spawn_blocking(move || compact_grown(&at_work)).await;
        if let Ok(Err(error)) = compacted {
            office.store_failed(&error);
        }
    }
}

async fn end_on_signal(office: Arc<Office>, [mut terminate, mut interrupt]: [Signal; 2]) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("ending");
    office.stopping.stop();
}
