//! Mail servers: one that is not ours, with certificates made for it, and a faulty one of
//! ours.

use super::python;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader as StdReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A certificate for localhost and the authority that signed it.
pub struct Certificates {
    folder: TempDir,
}

impl Certificates {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name).display().to_string();
        let run = |args: &[&str]| {
            let done = Command::new("openssl")
                .args(args)
                .output()
                .expect("openssl");
            assert!(
                done.status.success(),
                "{}",
                String::from_utf8_lossy(&done.stderr)
            );
        };
        let (ca, ca_key) = (at("ca.pem"), at("ca.key"));
        run(&[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "3650",
            "-subj",
            "/CN=Test authority",
            "-keyout",
            &ca_key,
            "-out",
            &ca,
        ]);
        let (key, request, leaf) = (at("leaf.key"), at("leaf.csr"), at("leaf.pem"));
        run(&[
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=localhost",
            "-keyout",
            &key,
            "-out",
            &request,
        ]);
        let extensions = folder.path().join("leaf.ext");
        std::fs::write(
            &extensions,
            "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n",
        )
        .expect("written");
        run(&[
            "x509",
            "-req",
            "-in",
            &request,
            "-CA",
            &ca,
            "-CAkey",
            &ca_key,
            "-CAcreateserial",
            "-days",
            "3650",
            "-extfile",
            &extensions.display().to_string(),
            "-out",
            &leaf,
        ]);
        Self { folder }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn authority(&self) -> Vec<u8> {
        std::fs::read(self.file("ca.pem")).expect("a certificate")
    }
}

/// Where a server complains of the sessions that are to fail.
fn complaints(folder: &Path) -> Stdio {
    let file = std::fs::File::create(folder.join("complaints.txt"));
    file.expect("a file").into()
}

/// A mail server that is not ours. Ended with the test.
pub struct Foreign {
    child: Child,
    folder: TempDir,
    pub port: u16,
}

impl Foreign {
    pub fn start(mode: &str, certificates: &Certificates) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let wanted = json!({
            "mode": mode,
            "cert": certificates.file("leaf.pem"),
            "key": certificates.file("leaf.key"),
            "user": "dinggang@example.cn",
            "password": "a:b/c@d",
            "folder": folder.path(),
        });
        let mut child = Command::new(python::interpreter())
            .arg(python::script("smtp.py"))
            .arg(wanted.to_string())
            .stdout(Stdio::piped())
            .stderr(complaints(folder.path()))
            .spawn()
            .expect("it runs");
        let mut line = String::new();
        let mut said = StdReader::new(child.stdout.take().expect("its words"));
        said.read_line(&mut line).expect("a line");
        let port = line.trim().parse().expect("a port");
        Self {
            child,
            folder,
            port,
        }
    }

    /// Every mail it took, with its envelope.
    pub fn mails(&self) -> Vec<(String, Value)> {
        mails_in(self.folder.path())
            .into_iter()
            .map(|(path, text)| {
                let about = std::fs::read(path.with_extension("json")).expect("an envelope");
                (text, serde_json::from_slice(&about).expect("JSON"))
            })
            .collect()
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The mails of a folder by name.
pub fn mails_in(folder: &Path) -> Vec<(PathBuf, String)> {
    let Ok(files) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let files = files.map(|file| file.expect("a file").path());
    let mut files: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let bytes = std::fs::read(&path).expect("a mail");
            (path, String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}

/// What the faulty server does with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// Says nothing after the greeting.
    Silent,
    /// Refuses every mail the first time.
    Greylist,
    /// Knows no recipient with `gone` in it.
    Gone,
    /// Takes a mail and drops the connection before it says so, the first time.
    Drop,
    /// Takes nobody in.
    Closing,
}

/// A mail server of ours that does what it is told.
pub struct Faulty {
    pub port: u16,
    state: Arc<State>,
}

struct State {
    fault: Mutex<Fault>,
    /// Message-ID and recipient of each mail that was taken, also where nobody was told.
    taken: Mutex<Vec<(String, String)>>,
    seen: Mutex<HashMap<String, u32>>,
}

impl Faulty {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(State {
            fault: Mutex::new(Fault::None),
            taken: Mutex::default(),
            seen: Mutex::default(),
        });
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = shared.clone();
                tokio::spawn(async move {
                    let _ = serve(stream, &state).await;
                });
            }
        });
        Self { port, state }
    }

    pub fn set(&self, fault: Fault) {
        *self.state.fault.lock().expect("a fault") = fault;
    }

    pub fn taken(&self) -> Vec<(String, String)> {
        self.state.taken.lock().expect("mails").clone()
    }
}

async fn serve(stream: TcpStream, state: &State) -> std::io::Result<()> {
    let fault = || *state.fault.lock().expect("a fault");
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    if fault() == Fault::Closing {
        return write.write_all(b"421 closing\r\n").await;
    }
    write.write_all(b"220 localhost\r\n").await?;
    let mut recipient = String::new();
    while let Some(line) = lines.next_line().await? {
        let fault = fault();
        if fault == Fault::Silent {
            tokio::time::sleep(Duration::from_secs(3600)).await;
        }
        let command = line.to_uppercase();
        let answer: &[u8] = if command.starts_with("EHLO") {
            b"250-localhost\r\n250 8BITMIME\r\n"
        } else if command.starts_with("RCPT") {
            recipient = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
            let first = {
                let mut seen = state.seen.lock().expect("recipients");
                let times = seen.entry(recipient.clone()).or_insert(0);
                *times += 1;
                *times == 1
            };
            match fault {
                Fault::Gone if recipient.contains("gone") => b"550 5.1.1 no such user\r\n",
                Fault::Greylist if first => b"451 4.7.1 come back later\r\n",
                _ => b"250 ok\r\n",
            }
        } else if command.starts_with("DATA") {
            write.write_all(b"354 go on\r\n").await?;
            let mut id = String::new();
            while let Some(line) = lines.next_line().await? {
                if line == "." {
                    break;
                }
                if let Some(rest) = line.strip_prefix("Message-ID: ") {
                    id = rest.to_owned();
                }
            }
            let again = {
                let mut taken = state.taken.lock().expect("mails");
                let again = taken.iter().any(|(own, _)| *own == id);
                taken.push((id, recipient.clone()));
                again
            };
            if fault == Fault::Drop && !again {
                return Ok(());
            }
            b"250 taken\r\n"
        } else if command.starts_with("QUIT") {
            write.write_all(b"221 bye\r\n").await?;
            return Ok(());
        } else {
            b"250 ok\r\n"
        };
        write.write_all(answer).await?;
    }
    Ok(())
}
