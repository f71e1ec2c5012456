//! Exports the spans of calls, with their waits and reasons as events, to OpenTelemetry; here to
//! the standard output. Any other exporter takes its place: `opentelemetry-otlp` sends to a collector.
//!
//! Start the emulator with `cargo run -p pangulm-emulator -- --port 8787`, then:
//!
//! ```text
//! export PANGU_ENDPOINT=http://127.0.0.1:8787
//! export PANGU_PROJECT_ID=7f3c1e9a5b2d4860a1c8e0f2d4b6a897
//! export PANGU_DEPLOYMENT_ID=5c9d1f34-0e6a-4b87-9f2c-3a8b7d6e1045
//! export PANGU_API_KEY=emulator-api-key
//! cargo run -p pangulm --example otel
//! ```

use std::error::Error;

use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use pangulm::Client;
use pangulm::chat::{ChatRequest, Message};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let exporter = opentelemetry_stdout::SpanExporter::default();
    let provider = SdkTracerProvider::builder()
        .with_simple_exporter(exporter)
        .build();
    let spans = tracing_opentelemetry::layer().with_tracer(provider.tracer("my-program"));
    // Debug has every attempt; info has the spans and the waits.
    let ours = Targets::new().with_target("pangulm", LevelFilter::DEBUG);
    tracing_subscriber::registry()
        .with(spans.with_filter(ours))
        .init();

    // The emulator refuses the first attempt, so that there is a wait to be seen.
    let client = Client::from_env()?.with_header(
        "x-emulator-fault",
        "status=503; retry-after=0; times=1; key=otel",
    );
    let request = ChatRequest::new([Message::user("介绍一下长江")]);
    println!("{}", client.chat().create(request).await?.text());
    provider.shutdown()?;
    Ok(())
}
