//! A proxy on this machine, behind which every host is played, over TLS.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::{ServerConnection, StreamOwned};

use crate::authority::{Authority, Shown};
use crate::http::{Asked, read_head};

/// How long a connection may be idle; no run takes as long.
const IDLE: Duration = Duration::from_secs(30);

/// What the other side does when a tunnel is asked for.
pub enum Tunnel {
    /// It opens, to a server with that certificate.
    Open(Shown),
    /// Something else is said, and done.
    Refuse(Vec<Step>),
    /// It opens, and then that is said and done instead of TLS.
    Instead(Vec<Step>),
}

/// What the other side does, step by step.
#[derive(Clone, Debug)]
pub enum Step {
    /// It says that.
    Say(Vec<u8>),
    /// It says that so many times.
    #[allow(dead_code, reason = "benchmarks say much")]
    Often(Vec<u8>, usize),
    /// It says that again and again, with a pause between.
    Forever(Vec<u8>, Duration),
    /// It says each byte, with a pause between.
    Slowly(Vec<u8>, Duration),
    /// It waits until the program goes.
    Stall,
    /// It resets the connection.
    Reset,
    /// It goes without a word.
    Cut,
    /// It goes, and says so.
    Close,
}

/// Who plays the hosts.
pub trait Play: Send + Sync {
    /// A tunnel to `host` is asked for, as the `nth` one.
    fn tunnel(&self, host: &str, nth: usize) -> Tunnel {
        let _ = (host, nth);
        Tunnel::Open(Shown::Good)
    }

    /// Something is asked of a host. Without a step that ends the connection, the next request is waited for.
    fn answer(&self, asked: &Asked) -> Vec<Step>;
}

/// Everything that the program can reach.
pub struct Internet {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    play: Box<dyn Play>,
    asked: Mutex<Vec<Asked>>,
    tunnels: Mutex<Vec<String>>,
    is_over: AtomicBool,
}

impl Internet {
    /// One with these players.
    pub fn of(play: impl Play + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            play: Box::new(play),
            asked: Mutex::default(),
            tunnels: Mutex::default(),
            is_over: AtomicBool::new(false),
        });
        let own = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if own.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), own) = (stream, Arc::clone(&own)) else { return };
                std::thread::spawn(move || drop(own.serve(stream)));
            }
        });
        Self { port, shared }
    }

    /// How it is named in `HTTPS_PROXY`.
    pub fn proxy(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What was asked inside of tunnels so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// The heads of the requests for tunnels.
    pub fn tunnels(&self) -> Vec<String> {
        self.shared.tunnels.lock().unwrap().clone()
    }
}

impl Drop for Internet {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

impl Shared {
    /// One connection to its end.
    fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(IDLE))?;
        stream.set_write_timeout(Some(IDLE))?;
        stream.set_nodelay(true)?;
        let Some(head) = read_head(&mut stream) else { return Ok(()) };
        let to = head.split(' ').nth(1).unwrap_or_default();
        let host = to.strip_suffix(":443").unwrap_or(to).to_owned();
        let nth = {
            let mut tunnels = self.tunnels.lock().unwrap();
            let asked = format!("CONNECT {to} ");
            let nth = tunnels.iter().filter(|head| head.starts_with(&asked)).count();
            tunnels.push(head);
            nth
        };
        let raw = stream.try_clone()?;
        let shown = match self.play.tunnel(&host, nth) {
            Tunnel::Refuse(steps) => return perform(&steps, &mut stream, &raw).map(drop),
            Tunnel::Instead(steps) => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
                return perform(&steps, &mut stream, &raw).map(drop);
            }
            Tunnel::Open(shown) => shown,
        };
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
        let server = ServerConnection::new(Authority::get().config(shown)).unwrap();
        let mut stream = StreamOwned::new(server, stream);
        while let Some(asked) = Asked::read(&host, &mut stream) {
            let asked = self.remember(asked);
            let goes_on = perform(&self.play.answer(&asked), &mut stream, &raw)?;
            if !goes_on {
                return Ok(());
            }
        }
        Ok(())
    }

    fn remember(&self, mut asked: Asked) -> Asked {
        let mut all = self.asked.lock().unwrap();
        let is_same = |one: &&Asked| {
            (&one.host, &one.path, one.body.get(..18)) == (&asked.host, &asked.path, asked.body.get(..18))
        };
        asked.before = all.iter().filter(is_same).count();
        all.push(asked.clone());
        asked
    }
}

/// A stream that may have a way of its own to say that it ends.
trait Ending: Read + Write {
    fn say_end(&mut self) {}
}

impl Ending for TcpStream {}

impl Ending for StreamOwned<ServerConnection, TcpStream> {
    fn say_end(&mut self) {
        self.conn.send_close_notify();
        drop(self.flush());
    }
}

/// Does all of it; whether the connection is still to be used.
fn perform(steps: &[Step], stream: &mut impl Ending, raw: &TcpStream) -> std::io::Result<bool> {
    for step in steps {
        match step {
            Step::Say(bytes) => stream.write_all(bytes)?,
            Step::Often(bytes, times) => {
                for _ in 0..*times {
                    stream.write_all(bytes)?;
                }
            }
            Step::Forever(bytes, pause) => loop {
                stream.write_all(bytes)?;
                stream.flush()?;
                std::thread::sleep(*pause);
            },
            Step::Slowly(bytes, pause) => {
                for byte in bytes {
                    stream.write_all(&[*byte])?;
                    stream.flush()?;
                    std::thread::sleep(*pause);
                }
            }
            Step::Stall => {
                stream.flush()?;
                while stream.read(&mut [0; 64])? > 0 {}
                return Ok(false);
            }
            Step::Reset => {
                stream.flush()?;
                // What is on its way is not to be overtaken by the reset.
                std::thread::sleep(Duration::from_millis(20));
                socket2::SockRef::from(raw).set_linger(Some(Duration::ZERO))?;
                return Ok(false);
            }
            Step::Cut => {
                stream.flush()?;
                return Ok(false);
            }
            Step::Close => {
                stream.flush()?;
                stream.say_end();
                return Ok(false);
            }
        }
    }
    stream.flush()?;
    Ok(true)
}
