//! A real server in a folder, and the process that serves orchestrators to it. Both can be killed and started again.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The binary of the npm package `@restatedev/restate-server`.
const SERVER: &str = "BATON_RESTATE_SERVER";

/// How long the tests wait for what has to come. A server that was killed takes some seconds to lead its log again.
const PATIENCE: Duration = Duration::from_secs(60);

/// The binary, or a message that says why nothing is tried.
pub(crate) fn server() -> Option<PathBuf> {
    let server = std::env::var_os(SERVER).map(PathBuf::from);
    if server.is_none() {
        eprintln!("skipped: `{SERVER}` does not name the binary of the npm package `@restatedev/restate-server`");
    }
    server
}

/// A request over HTTP/1.0, whose answer ends where the connection does.
pub(crate) fn http(port: u16, method: &str, path: &str, body: &str) -> io::Result<(u16, String)> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let kind = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
    let head = format!("{method} {path} HTTP/1.0\r\nhost: localhost\r\naccept: application/json\r\n{kind}");
    stream.write_all(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| io::Error::other("half an answer"))?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok((status.ok_or_else(|| io::Error::other("no status"))?, body.to_owned()))
}

/// Tries until something is there.
pub(crate) async fn eventually<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(value) = attempt() {
            return value;
        }
        assert!(begun.elapsed() < PATIENCE, "{what} never came");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Ports that are free now.
fn ports<const N: usize>() -> [u16; N] {
    let listeners = [0; N].map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

/// One server, which may be one of several that keep the same runs.
struct Node {
    ingress: u16,
    admin: u16,
    fabric: u16,
    running: Option<Child>,
}

/// Servers, a process that serves, and a folder for all.
pub(crate) struct Place {
    server: PathBuf,
    folder: tempfile::TempDir,
    nodes: Vec<Node>,
    served: u16,
    serving: Option<Child>,
}

impl Drop for Place {
    fn drop(&mut self) {
        (0..self.nodes.len()).for_each(|node| self.kill_node(node));
        self.kill_service();
        if std::thread::panicking() {
            eprintln!(
                "{}\n{:?}",
                std::fs::read_to_string(self.folder().join("log-0")).unwrap_or_default(),
                self.effects()
            );
        }
    }
}

fn kill(child: &mut Option<Child>) {
    if let Some(mut child) = child.take() {
        // On Unix this is SIGKILL: nothing is flushed and nobody is told.
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

impl Place {
    /// Starts a server and a process that serves, and tells the one where the other is. `serve` is the test that serves in
    /// a process of its own, with the folder in the variable `variable`.
    pub(crate) async fn start(server: PathBuf, variable: &str, serve: &str) -> Self {
        Self::start_nodes(1, server, variable, serve).await
    }

    /// The same with several servers, of which two have each record.
    pub(crate) async fn start_nodes(count: usize, server: PathBuf, variable: &str, serve: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let [served] = ports();
        let node = |[ingress, admin, fabric]: [u16; 3]| Node { ingress, admin, fabric, running: None };
        let nodes = [ports(), ports(), ports()].map(node).into_iter().take(count).collect();
        let mut place = Self { server, folder, nodes, served, serving: None };
        place.start_service(variable, serve);
        (0..count).for_each(|node| place.spawn_node(node));
        for node in 0..count {
            place.node_is_well(node).await;
        }
        let uri = format!(r#"{{"uri": "http://127.0.0.1:{served}"}}"#);
        eventually("the deployment", || match http(place.node().admin, "POST", "/deployments", &uri) {
            Ok((200 | 201, _)) => Some(()),
            _ => None,
        })
        .await;
        place
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn spawn_node(&mut self, number: usize) {
        let options = std::fs::OpenOptions::new().create(true).append(true).clone();
        let log = options.open(self.folder().join(format!("log-{number}"))).unwrap();
        let address = |port: u16| format!("127.0.0.1:{port}");
        let fabrics: Vec<_> = self.nodes.iter().map(|node| format!("\"http://{}\"", address(node.fabric))).collect();
        let mut command = Command::new(&self.server);
        command.args(["--no-logo", "--listen-mode", "tcp", "--node-name", &format!("node-{number}")]);
        command.arg("--base-dir").arg(self.folder().join(format!("data-{number}")));
        command.envs([("RESTATE_DISABLE_TELEMETRY", "true"), ("RESTATE_DEFAULT_NUM_PARTITIONS", "2")]);
        if self.nodes.len() > 1 {
            command.envs([("RESTATE_CLUSTER_NAME", "baton"), ("RESTATE_DEFAULT_REPLICATION", "2")]);
            command.env("RESTATE_METADATA_CLIENT__ADDRESSES", format!("[{}]", fabrics.join(",")));
            command.env("RESTATE_AUTO_PROVISION", (number == 0).to_string());
        }
        let node = &mut self.nodes[number];
        command.env("RESTATE_ADVERTISED_ADDRESS", format!("http://{}", address(node.fabric)));
        command.env("RESTATE_INGRESS__BIND_ADDRESS", address(node.ingress));
        command.env("RESTATE_ADMIN__BIND_ADDRESS", address(node.admin));
        command.env("RESTATE_BIND_ADDRESS", address(node.fabric));
        command.stdout(log.try_clone().unwrap()).stderr(log);
        node.running = Some(command.spawn().unwrap());
    }

    async fn node_is_well(&self, number: usize) {
        let Node { ingress, admin, .. } = self.nodes[number];
        let is_well = |port, path| matches!(http(port, "GET", path, ""), Ok((200, _)));
        eventually("the server", || (is_well(admin, "/health") && is_well(ingress, "/restate/health")).then_some(()))
            .await;
    }

    pub(crate) async fn start_node(&mut self, number: usize) {
        self.spawn_node(number);
        self.node_is_well(number).await;
    }

    pub(crate) async fn start_server(&mut self) {
        self.start_node(0).await;
    }

    /// One that runs.
    fn node(&self) -> &Node {
        self.nodes.iter().find(|node| node.running.is_some()).unwrap()
    }

    pub(crate) fn start_service(&mut self, variable: &str, serve: &str) {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", serve, "--nocapture"]).stdout(Stdio::null());
        command.env(variable, self.folder()).env("BATON_RESTATE_PORT", self.served.to_string());
        self.serving = Some(command.spawn().unwrap());
    }

    pub(crate) fn kill_server(&mut self) {
        self.kill_node(0);
    }

    pub(crate) fn kill_node(&mut self, number: usize) {
        kill(&mut self.nodes[number].running);
    }

    pub(crate) fn kill_service(&mut self) {
        kill(&mut self.serving);
    }

    /// Begins a run and does not wait for it. Returns what the server says about the call.
    pub(crate) async fn begin(&self, run: &str, request: &str) -> String {
        let path = format!("/BatonRuns/{run}/run/send");
        eventually("the run", || match http(self.node().ingress, "POST", &path, request) {
            Ok((200 | 202, body)) => Some(body),
            _ => None,
        })
        .await
    }

    /// Cancels a call at the server.
    pub(crate) fn cancel(&self, invocation: &str) -> (u16, String) {
        http(self.node().admin, "PATCH", &format!("/invocations/{invocation}/cancel"), "").unwrap()
    }

    /// Asks a handler of a run.
    pub(crate) fn ask(&self, run: &str, handler: &str, body: &str) -> io::Result<(u16, String)> {
        http(self.node().ingress, "POST", &format!("/BatonRuns/{run}/{handler}"), body)
    }

    /// How a run ended, once it has.
    pub(crate) async fn ended(&self, run: &str) -> String {
        let path = format!("/restate/workflow/BatonRuns/{run}/output");
        eventually(&format!("the end of `{run}`"), || match http(self.node().ingress, "GET", &path, "") {
            Ok((470 | 503, _)) | Err(_) => None,
            Ok((_, body)) => Some(body),
        })
        .await
    }

    /// Why the server tries a run again, with the number of the try.
    pub(crate) fn failure(&self, run: &str) -> Option<String> {
        let query = format!(
            r#"{{"query": "SELECT retry_count, last_failure FROM sys_invocation WHERE target_service_key = '{run}'"}}"#
        );
        let (_, body) = http(self.node().admin, "POST", "/query", &query).ok()?;
        body.contains("last_failure\":\"").then_some(body)
    }

    /// The lines of the file of effects.
    pub(crate) fn effects(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder().join("effects")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Waits until an effect was there.
    pub(crate) async fn effect(&self, line: &str) {
        eventually(line, || self.effects().iter().any(|effect| effect == line).then_some(())).await;
    }
}
