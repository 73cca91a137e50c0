//! The thin binary: everything is in the library, see `kiroster::cli`.

fn main() -> std::process::ExitCode {
    kiroster::cli::main()
}
