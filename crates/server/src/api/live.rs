//! `GET /api/live`: server-sent events that say a feed has moved. Losing one costs time, not data.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::{Stream, StreamExt, stream};
use model::{Member, Role};
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::App;
use super::auth::AnyDevice;
use crate::hub::News;

/// Proxies close a silent connection; a comment now and then keeps it.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Tells a device where its feeds stand, now and whenever one moves.
#[utoipa::path(get, path = "/api/live", responses(
    (status = 200, content_type = "text/event-stream", description = "`{\"feed\":id,\"seq\":n}`; to supervisors also `{\"tray\":n}`"),
    (status = 401, description = "token_missing, token_unknown"),
), security(("token" = [])))]
pub async fn live(
    State(app): State<App>,
    AnyDevice(member): AnyDevice,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // Listening begins before the standing is read, so that nothing falls between the two.
    let news = app.office.hub.listen();
    let listener = Listener {
        ready: standing(&app, &member),
        app,
        member,
        news,
    };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    });
    Sse::new(events.boxed()).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

struct Listener {
    app: App,
    member: Member,
    news: Receiver<News>,
    /// News to tell before waiting for more; the last is told first.
    ready: Vec<News>,
}

impl Listener {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(news) = self.ready.pop() {
                return Some(Event::default().data(text(&news)));
            }
            let received = tokio::select! {
                received = self.news.recv() => received,
                () = self.app.office.stopping.stopped() => return None,
            };
            match received {
                Ok(news) if concerns(&self.member, &news) => self.ready.push(news),
                Ok(_) => {}
                // A slow listener is told where things stand instead of every step.
                Err(RecvError::Lagged(_)) => self.ready = standing(&self.app, &self.member),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

fn standing(app: &App, member: &Member) -> Vec<News> {
    let desk = app.office.desk.read();
    let feeds = member.feeds.iter().map(|feed| News::Feed {
        feed: *feed,
        seq: desk.head(*feed),
    });
    let tray = News::Tray {
        waiting: app.office.tray.waiting(),
    };
    feeds
        .chain([tray])
        .filter(|news| concerns(member, news))
        .collect()
}

fn concerns(member: &Member, news: &News) -> bool {
    match news {
        News::Feed { feed, .. } => member.feeds.contains(feed),
        News::Tray { .. } => member.role == Role::CommunitySupervisor,
    }
}

fn text(news: &News) -> String {
    match news {
        News::Feed { feed, seq } => json!({"feed": feed, "seq": seq}).to_string(),
        News::Tray { waiting } => json!({"tray": waiting}).to_string(),
    }
}
