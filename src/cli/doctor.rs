//! `doctor`: what works, what does not, and what to do about it. Never writes.

use super::args::{self, DoctorFormat, Global};
use super::connect;
use super::exit::Exit;
use super::screen::Screen;
use crate::render::doctor;

pub(super) async fn run(
    args: &args::Doctor,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let (seen, sandbox, today) = connect::ground(global)?.examine(global).await;
    let product = match args.output {
        DoctorFormat::Text => doctor::text(&seen, sandbox.as_deref(), today, screen.out),
        DoctorFormat::Json => doctor::json(&seen, today),
    };
    screen.product(&product)?;
    Ok(match seen.is_sound() {
        true => Exit::Done,
        false => Exit::Error,
    })
}
