//! A network in memory: it answers by a script, and remembers what it was asked.

use std::sync::Mutex;

use relcheck::collect::transport::{Answer, Method, Request, Transport, TransportError};

/// What a script answers; `None` where there is nothing, which is a 404.
pub type Answered = Option<Result<Vec<u8>, TransportError>>;

type Script = Box<dyn Fn(&str, &[u8]) -> Answered + Send + Sync>;

/// A network that answers by a script.
pub struct Scripted {
    script: Script,
    asked: Mutex<Vec<String>>,
}

impl Scripted {
    /// `script` gets the URL, and the body of a question.
    pub fn new(script: impl Fn(&str, &[u8]) -> Answered + Send + Sync + 'static) -> Self {
        Self { script: Box::new(script), asked: Mutex::new(Vec::new()) }
    }

    /// What was asked so far: method, URL and body.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no test panics while it asks").clone()
    }
}

impl Transport for Scripted {
    fn fetch(&self, request: &Request<'_>) -> Result<Answer, TransportError> {
        let (method, body) = match request.method {
            Method::Get => ("GET", &b""[..]),
            Method::Ask(body) | Method::Git(body) => ("POST", body),
        };
        let line = format!("{method} {} {}", request.url, String::from_utf8_lossy(body));
        self.asked.lock().expect("no test panics while it asks").push(line.trim_end().to_owned());
        assert!(request.token.is_none(), "nobody has a token for {}", request.url);
        match (self.script)(request.url, body) {
            Some(Ok(bytes)) if bytes.len() > request.max_bytes => {
                Err(TransportError::TooLarge { url: request.url.to_owned(), limit: request.max_bytes })
            }
            Some(Ok(bytes)) => Ok(Answer::new(request.url, bytes)),
            Some(Err(error)) => Err(error),
            None => Err(status(request.url, 404)),
        }
    }
}

/// An answer with that status.
pub fn status(url: &str, status: u16) -> TransportError {
    TransportError::Status { url: url.to_owned(), status, retry_after: None }
}
