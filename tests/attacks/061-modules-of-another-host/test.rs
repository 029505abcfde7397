//! A repository with submodules on another host, which nobody asked for.

use std::net::TcpListener;

use crate::kit::release::Release;
use crate::kit::spoil::Spoil;
use crate::stage::{judge, outcome};

#[test]
fn the_submodules_of_a_repository_are_not_fetched() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let text = format!(
        "[submodule \"x\"]\n\tpath = x\n\turl = http://127.0.0.1:{port}/x.git\n\tupdate = !touch x\n"
    );
    let release = Release::good().spoil(Spoil::File(".gitmodules", Some(Box::leak(text.into_boxed_str()))));
    assert_eq!(outcome(&judge(&release)), "verified");
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}
