//! How close an apply comes to what AWS allows: `cargo run --release --example makespan [PEOPLE [graph]]`.
//!
//! PEOPLE (1,000 unless said otherwise) are created, each with a group, a seat and a mail, against `sandbox serve` in a
//! process of its own, which answers after 60 ms and refuses what is above 20 calls a second for each API. Printed beside
//! it is the same with barriers: all users, then all memberships, then all seats, then all mails, which is how it would go
//! without a graph; `graph` leaves that out. Time counts from the first write to the last answer, reading back apart. The
//! bound is the calls of the API that was called most often, divided by the rate at which it is called; above 1.10 times
//! that, this fails.
//!
//! With arguments of its own this is `kiroster`, so that nothing else need be built.

use serde_json::{Value, json};
use std::collections::BTreeMap as Map;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

const LATENCY_MS: u64 = 60;
/// What the server allows, and what the program asks for at most (`aws::http`).
const ALLOWED: f64 = 20.0;
const PACE: f64 = 19.5;
const MOST: f64 = 1.10;

fn main() -> ExitCode {
    let people = match std::env::args().nth(1) {
        None => 1_000,
        Some(word) => match word.parse() {
            Ok(people) => people,
            Err(_) => return kiroster::cli::main(),
        },
    };
    let barriers = std::env::args().nth(2).as_deref() != Some("graph");
    match compare(people, barriers) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(people: usize, with_barriers: bool) -> Result<bool, Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{:<22} {:>9} {:>9} {:>6} {:>7} {:>7} {:>9} {:>8}",
        "", "makespan", "bound", "ratio", "calls", "wall", "CPU/wall", "memory"
    )?;
    let graph = measure(people, &[&["apply", "--invite", "new"]])?;
    graph.print(&mut out, "as a graph")?;
    let barriers: [&[&str]; 4] = [
        &["apply", "--invite", "off", "--only", "user:*"],
        &["apply", "--invite", "off", "--only", "membership:*"],
        &["apply", "--invite", "off", "--only", "seat:*"],
        &["invite", "-f", "kiroster.yaml"],
    ];
    if with_barriers {
        measure(people, &barriers)?.print(&mut out, "with barriers")?;
    }
    writeln!(out, "the bound: at most {MOST:.2}")?;
    Ok(graph.ratio() <= MOST)
}

#[derive(Default)]
struct Measured {
    makespan: f64,
    bound: f64,
    calls: usize,
    wall: f64,
    cpu: f64,
    /// Peak, in MiB.
    memory: u64,
}

impl Measured {
    fn ratio(&self) -> f64 {
        self.makespan / self.bound
    }

    fn print(&self, out: &mut impl Write, what: &str) -> std::io::Result<()> {
        writeln!(
            out,
            "{what:<22} {:>7.1} s {:>7.1} s {:>6.3} {:>7} {:>5.0} s {:>8.1}% {:>4} MiB",
            self.makespan,
            self.bound,
            self.ratio(),
            self.calls,
            self.wall,
            100.0 * self.cpu / self.wall,
            self.memory
        )?;
        out.flush()
    }
}

/// Runs these commands one after the other, each to its end.
fn measure(people: usize, commands: &[&[&str]]) -> Result<Measured, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    fs::write(folder.join("kiroster.yaml"), roster(people))?;
    let faults = json!({ "latency_ms": LATENCY_MS, "rate": ALLOWED });
    fs::write(folder.join("faults.json"), faults.to_string())?;
    let mut server = program(folder)?
        .args(["sandbox", "serve", "--file", "S", "--faults", "faults.json"])
        .stdout(Stdio::piped())
        .spawn()?;
    let measured = measure_on(&mut server, folder, people, commands);
    server.kill()?;
    server.wait()?;
    measured
}

fn measure_on(
    server: &mut Child,
    folder: &Path,
    people: usize,
    commands: &[&[&str]],
) -> Result<Measured, Box<dyn Error>> {
    let mut url = String::new();
    let stdout = server.stdout.take().ok_or("the server has no output")?;
    BufReader::new(stdout).read_line(&mut url)?;
    let mut whole = Measured::default();
    let mut seen = 0;
    let mut by_api: Map<String, usize> = Map::new();
    for command in commands {
        let started = Instant::now();
        let cpu = cpu_of_children();
        let mut process = program(folder)?
            .args(*command)
            .args(["--yes", "--ack", &format!("invites={people}"), "-q"])
            .args(match command[0] {
                "apply" => vec![
                    format!("--ack=add_users={people}"),
                    format!("--ack=increase_usd={}", people * 20),
                ],
                _ => vec![],
            })
            .env("AWS_ENDPOINT_URL", url.trim())
            .stdout(Stdio::null())
            .spawn()?;
        let ended = loop {
            if let Some(ended) = process.try_wait()? {
                break ended;
            }
            whole.memory = whole.memory.max(peak_memory(process.id()));
            std::thread::sleep(Duration::from_millis(100));
        };
        if !ended.success() {
            return Err(format!("{command:?}: {ended}").into());
        }
        whole.wall += started.elapsed().as_secs_f64();
        whole.cpu += cpu_of_children() - cpu;
        let log = fs::read_to_string(folder.join("S.calls.jsonl"))?;
        let calls: Vec<Value> = log
            .lines()
            .skip(seen)
            .map(serde_json::from_str)
            .collect::<Result<_, _>>()?;
        seen += calls.len();
        whole.calls += calls.len();
        whole.makespan += makespan(&calls, &mut by_api)?;
    }
    let most = by_api.values().copied().max().unwrap_or_default();
    whole.bound = most as f64 / PACE;
    Ok(whole)
}

/// From the first write to the last answer, in seconds; counts the writes of each API, seat writes together.
fn makespan(calls: &[Value], by_api: &mut Map<String, usize>) -> Result<f64, Box<dyn Error>> {
    let mut times = Vec::new();
    for call in calls {
        let operation = call["operation"].as_str().unwrap_or_default();
        if !["Create", "Update", "Delete"]
            .iter()
            .any(|write| operation.starts_with(write))
        {
            continue;
        }
        let api = match call["service"].as_str().unwrap_or_default() {
            "q" => "seats",
            _ => operation,
        };
        *by_api.entry(api.to_owned()).or_default() += 1;
        let at: jiff::Timestamp = call["at"].as_str().unwrap_or_default().parse()?;
        times.push(at);
    }
    let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else {
        return Ok(0.0);
    };
    // The log tells when a call was answered.
    Ok(last.duration_since(*first).as_secs_f64() + LATENCY_MS as f64 / 1_000.0)
}

fn program(folder: &Path) -> std::io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .current_dir(folder)
        .env("XDG_STATE_HOME", folder.join("state"))
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "AKIATEST")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .stdin(Stdio::null());
    Ok(command)
}

fn roster(people: usize) -> String {
    let mut text = String::from("version: 1\ngroups:\n  everyone: {}\nusers:\n");
    for n in 0..people {
        let _ = writeln!(
            text,
            "  user{n:05}: {{ given_name: User, family_name: N{n}, email: user{n}@example.com, groups: [everyone], tier: pro }}"
        );
    }
    text
}

/// The CPU time of the processes that have ended, in seconds, as Linux tells: fields 16 and 17 of `stat`, in hundredths.
fn cpu_of_children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields = after_name.split_whitespace().skip(13).take(2);
    let ticks: f64 = fields.filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// The most a process ever had in memory, in MiB, as Linux tells.
fn peak_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}
