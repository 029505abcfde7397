//! A time of a log that no promise authenticates.

use crate::kit::bundle::Fault;
use crate::kit::bundle::{BundleOptions, Logged, Version};
use crate::kit::log::EntryFault;
use crate::stand::{Stand, entries, shapes, v1, v2};

#[test]
fn without_the_promise_the_time_of_the_entry_is_nothing() {
    for (stand, options) in shapes() {
        if options.logged == Logged::RekorV2 {
            continue;
        }
        let bundle = stand.bundle(&options.clone().spoil(Fault::Entry(EntryFault::PromiseMissing)));
        if options.version == Version::V01 {
            stand.refuses(&bundle, "signatures/invalid", "inclusion promise");
        } else {
            stand.refuses(&bundle, "signatures/no-time", "no verified timestamp");
        }
        let moved = options.spoil(Fault::Entry(EntryFault::IntegratedTime));
        stand.refuses(&stand.bundle(&moved), "signatures/invalid", "SET verification failed");
    }
}

#[test]
fn a_time_that_is_written_into_an_entry_of_rekor_v2_is_nothing() {
    let stand = Stand::file();
    let unstamped = BundleOptions { timestamped: false, ..v2() };
    let mut bundle = stand.bundle(&unstamped);
    entries(&mut bundle)[0]["integratedTime"] = "1767614401".into();
    stand.refuses(&bundle, "signatures/no-time", "no verified timestamp");
    let mut promised = stand.bundle(&v1());
    let promise = entries(&mut promised)[0]["inclusionPromise"].clone();
    entries(&mut bundle)[0]["inclusionPromise"] = promise;
    stand.refuses(&bundle, "signatures/no-time", "no verified timestamp");
}
