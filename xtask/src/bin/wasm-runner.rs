//! Runs a test binary made for wasm32, in Node or in a browser. Cargo calls it as the target's
//! runner; it is wasm-bindgen's own runner, linked in so that its version cannot drift.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
