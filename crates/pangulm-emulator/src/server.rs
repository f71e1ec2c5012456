//! Starting and stopping.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::LOCATION;
use axum::middleware::map_response;
use axum::response::Response;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tower_http::services::ServeDir;

use crate::agents::Conversations;
use crate::clock::Clock;
use crate::data::Datasets;
use crate::error::Error;
use crate::faults::{Counts, Standing};
use crate::front;
use crate::identity;
use crate::info::Info;
use crate::jobs::Jobs;
use crate::keys::Keys;
use crate::obs;
use crate::options::Options;
use crate::qps::Qps;
use crate::records::Records;
use crate::schemas::Schemas;
use crate::seed;
use crate::state::State;
use crate::tallies::Tallies;
use crate::temporary::TemporaryKeys;
use crate::tokens::Tokens;
use crate::upstream::Upstream;
use crate::wire::{Cutter, Wire};

/// Where the site is.
const SITE: &str = "/site";

/// The platform on this machine's loopback.
#[derive(Debug)]
pub struct Emulator;

impl Emulator {
    /// Starts an emulator on 127.0.0.1, on threads of its own; it serves when this returns.
    ///
    /// It works inside and outside of an async runtime.
    ///
    /// # Errors
    ///
    /// The port is taken, the site's directory is not there, or the upstream's address is no URL.
    ///
    /// ```
    /// use pangulm_emulator::{Emulator, Options};
    ///
    /// let running = Emulator::start(Options::default())?;
    /// assert!(running.info.url.starts_with("http://127.0.0.1:"));
    /// # Ok::<(), pangulm_emulator::Error>(())
    /// ```
    pub fn start(options: Options) -> Result<Running, Error> {
        if let Some(site) = options.site.as_ref().filter(|site| !site.is_dir()) {
            return Err(Error::option(
                "site",
                format!("{} is no directory", site.display()),
            ));
        }
        let port = options.port;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
            .map_err(|error| Error::port(port, &error))?;
        let address = listener
            .local_addr()
            .map_err(|error| Error::port(port, &error))?;
        let state = state(options, address)?;
        let info = state.info.clone();
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("pangulm-emulator")
            .enable_all()
            .build()
            .map_err(|error| Error::runtime(&error))?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)
                .map_err(|error| Error::port(port, &error))?
        };
        let service = router(state).into_make_service_with_connect_info::<Cutter>();
        let (ended, end) = oneshot::channel();
        let serving = runtime.spawn(async move {
            // Dropped last, when the listener is gone.
            let _ended = ended;
            let _ = axum::serve(Wire(listener), service).await;
        });
        Ok(Running {
            info,
            stop: Some(Stop {
                runtime,
                abort: serving.abort_handle(),
                end,
            }),
        })
    }
}

/// An emulator at work. Dropping it stops it and closes its connections.
pub struct Running {
    /// Where it is and what it lets in.
    pub info: Info,
    stop: Option<Stop>,
}

struct Stop {
    runtime: Runtime,
    abort: tokio::task::AbortHandle,
    end: oneshot::Receiver<()>,
}

impl Running {
    /// Stops it: when this returns, the port is free and all connections are being closed.
    pub async fn shutdown(mut self) {
        if let Some(Stop {
            runtime,
            abort,
            end,
        }) = self.stop.take()
        {
            abort.abort();
            // An error only says that the task is gone, which is what is waited for.
            let _ = end.await;
            runtime.shutdown_background();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("url", &self.info.url)
            .finish_non_exhaustive()
    }
}

fn state(options: Options, address: SocketAddr) -> Result<Arc<State>, Error> {
    let state = State {
        info: Info::at(&format!("http://{address}")),
        schemas: Schemas::load()?,
        upstream: options.upstream.as_ref().map(Upstream::new).transpose()?,
        qps: Qps::limited_to(options.qps),
        options,
        clock: Clock::default(),
        tokens: Tokens::default(),
        jobs: Jobs::default(),
        keys: Keys::default(),
        temporary: TemporaryKeys::default(),
        records: Records::default(),
        faults: Counts::default(),
        tallies: Tallies::default(),
        standing: Standing::default(),
        conversations: Conversations::default(),
        datasets: Datasets::default(),
        obs: obs::Store::default(),
        identity: identity::Store::default(),
    };
    seed::sow(&state);
    Ok(Arc::new(state))
}

fn router(state: Arc<State>) -> Router {
    let site = state.options.site.clone();
    let router = Router::new().fallback(front::enter).with_state(state);
    match site {
        Some(directory) => {
            let files = Router::new()
                .fallback_service(ServeDir::new(directory))
                .layer(map_response(below_site));
            router.nest_service(SITE, files)
        }
        None => router,
    }
}

/// Files know nothing of the prefix that they are served under, so a folder without its last slash
/// would lead out of the site.
async fn below_site(mut response: Response) -> Response {
    if let Some(location) = response.headers_mut().get_mut(LOCATION) {
        let below = [SITE.as_bytes(), location.as_bytes()].concat();
        if let Ok(below) = HeaderValue::from_bytes(&below) {
            *location = below;
        }
    }
    response
}
