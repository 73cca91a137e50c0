//! An organization in a sandbox of this process, read whole through the library: what every other way of reading must
//! agree with.

use kiroster::aws::{self, Session, Settings};
use kiroster::live::{Reach, Reading};
use kiroster::sandbox::{self, Faults, Sandbox};
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

/// The sandbox answers faster than this.
const RPS: f64 = 100_000.0;

/// What `reach` asks for, of the state in `file`.
pub(crate) fn read(file: &Path, reach: &Reach) -> Result<Reading, Box<dyn Error>> {
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let sandbox = Sandbox::open(file, listen, Faults::default())?;
    let settings = Settings {
        max_rps: Some(RPS),
        sandbox: Some(aws::Sandbox {
            url: sandbox.url(),
            access_key_id: sandbox::access_key(None),
            kiro_access_key_id: None,
        }),
        ..Settings::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let reading = runtime.block_on(async {
        let session = Session::open(&settings).await?;
        aws::read(&session, reach).await
    })?;
    sandbox.close();
    Ok(reading)
}
